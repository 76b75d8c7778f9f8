// Entry and trap vector of a bare guest, in M-mode, or in S-mode with -DSUPERVISOR (there the other
// harts come in one by one through `secondary_start`, by SBI hart_start).

#include "guest.h"

#ifdef SUPERVISOR
#define XTVEC stvec
#define XSCRATCH sscratch
#define XEPC sepc
#define XCAUSE scause
#define XTVAL stval
#define XRET sret
#else
#define XTVEC mtvec
#define XSCRATCH mscratch
#define XEPC mepc
#define XCAUSE mcause
#define XTVAL mtval
#define XRET mret
#endif

#define HARTS 8
#define STACK_BYTES 4096           // per hart; the upper quarter is for traps
#define TRAP_BYTES 1024

.section .text.start, "ax"
.globl _start
_start:
#ifdef SUPERVISOR
        la      t0, bss_start
        la      t1, bss_end
1:      sw      zero, 0(t0)
        addi    t0, t0, 4
        bltu    t0, t1, 1b
        j       2f
#else
        csrr    a0, mhartid
        bnez    a0, secondary_start
        // The loader has zeroed .bss, so that harts need not wait for each other here.
        j       2f
#endif

.globl secondary_start
secondary_start:
        la      s1, secondary
        j       3f
2:      la      s1, main
3:      li      t1, HARTS
        bgeu    a0, t1, 4f
        la      sp, stacks
        addi    t0, a0, 1
        slli    t0, t0, 12
        add     t0, t0, sp
        csrw    XSCRATCH, t0
        li      t1, -TRAP_BYTES
        add     sp, t0, t1
        la      t0, trap_entry
        csrw    XTVEC, t0
        mv      s0, a0
        jalr    s1
        beqz    s0, pass
4:      wfi
        j       4b

.balign 4
.globl trap_entry
trap_entry:
        csrrw   sp, XSCRATCH, sp
        addi    sp, sp, -128
        .irp    n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        sw      x\n, 4*\n(sp)
        .endr
        addi    t0, sp, 128
        csrrw   t0, XSCRATCH, t0
        sw      t0, 8(sp)
        csrr    t0, XEPC
        sw      t0, 0(sp)
        mv      a0, sp
        csrr    a1, XCAUSE
        csrr    a2, XTVAL
        call    trap
        lw      t0, 0(sp)
        csrw    XEPC, t0
        .irp    n, 1, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        lw      x\n, 4*\n(sp)
        .endr
        lw      sp, 8(sp)
        XRET

.section .stacks, "aw", @nobits
.balign 16
stacks: .space HARTS * STACK_BYTES

// On a page of its own: the machine watches every store to the page.
.section .htif, "aw", @nobits
.balign 8
.globl tohost
.type tohost, @object
.size tohost, 8
tohost: .space 8
.globl fromhost
.type fromhost, @object
.size fromhost, 8
fromhost: .space 8
