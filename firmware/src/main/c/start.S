// Reset, entry into S-mode, and the way in and out of a trap.
//
// mscratch holds the top of the hart's stack while S- or U-mode runs and 0 while the firmware does,
// so that a trap can tell where it came from before it has a register to spare.

#include "platform.h"
#include "riscv.h"

// struct frame
#define F_RA 0
#define F_SP 4
#define F_T0 8
#define F_T1 12
#define F_T2 16
#define F_A0 20
#define F_T3 52
#define FRAME_BYTES 80             // 17 words, padded: the stack pointer stays a multiple of 16

// Sets \rd to the top of this hart's stack. Overwrites t0.
.macro stack_top rd
        csrr    t0, mhartid
        addi    t0, t0, 1
        li      \rd, STACK_BYTES
        mul     \rd, \rd, t0
        la      t0, stacks
        add     \rd, \rd, t0
.endm

// From the reset vector, every hart: a0 = hart identifier, a1 = address of the device tree.
.section .text.start, "ax"
.globl _start
_start:
        csrw    mie, zero
        csrw    mscratch, zero
        la      t0, trap_entry
        csrw    mtvec, t0
        bnez    a0, hart_wait

        la      t0, image_end
        la      t1, bss_end
1:      sw      zero, 0(t0)
        addi    t0, t0, 4
        bltu    t0, t1, 1b
        stack_top sp
        mv      s0, a1
        mv      a0, a1
        call    boot
        mv      a1, s0
        li      a0, KERNEL
        j       hart_begin

// A stopped hart waits here for the software interrupt of a hart_start. Until the first one it
// reads no memory, because hart 0 may not have prepared it yet.
.globl hart_wait
hart_wait:
        csrr    t0, mhartid
        li      t1, MAX_HARTS
        bgeu    t0, t1, 3f
        li      t0, IP_MSI
        csrw    mie, t0
1:      wfi
        csrr    t0, mip
        andi    t0, t0, IP_MSI
        beqz    t0, 1b
        stack_top sp
        call    hart_woken             // a0 = address to start at, or 0; a1 = opaque
        bnez    a0, hart_begin
        j       hart_wait
3:      wfi                            // more harts than the firmware has room for
        j       3b

// a0 = where S-mode begins, a1 = its second argument. Sets up every register of the hart that
// S-mode cannot set up itself, and goes there.
hart_begin:
        stack_top sp
        mv      s0, a1
        mv      s1, a0

        // Memory protection: the firmware's own memory is closed to S and U, all else is open. A
        // hart without PMP traps at the first of these registers and goes on behind them.
        la      t0, 1f
        csrw    mtvec, t0
        li      t0, (RAM >> 2) | ((FIRMWARE_BYTES >> 3) - 1)
        csrw    pmpaddr0, t0
        li      t0, -1
        csrw    pmpaddr1, t0
        li      t0, PMP_NAPOT | ((PMP_NAPOT | PMP_R | PMP_W | PMP_X) << 8)
        csrw    pmpcfg0, t0
        .balign 4

        // What the hart offers of Sstc and Svadu is what sticks, and a hart with Sstc has its register:
        // QEMU 7.2 lets the bit stick without. One that traps has neither.
1:      la      t0, 2f
        csrw    mtvec, t0
        li      a0, 0
        li      t1, MENVCFGH_STCE | MENVCFGH_ADUE
        csrw    CSR_MENVCFGH, t1
        csrr    t1, CSR_MENVCFGH
        csrr    t2, CSR_STIMECMP
        mv      a0, t1
        .balign 4
2:      la      t0, trap_entry
        csrw    mtvec, t0

        li      t0, MEDELEG
        csrw    medeleg, t0
        li      t0, IP_SUPERVISOR
        csrw    mideleg, t0
        li      t0, COUNTEREN
        csrw    mcounteren, t0
        csrw    scounteren, t0
        csrw    mip, zero
        csrw    stvec, zero
        csrw    sscratch, zero
        call    hart_prepare           // a0 = menvcfgh
        li      t0, IP_MSI
        csrw    mie, t0
        csrw    mepc, s1
        csrr    a0, mhartid
        mv      a1, s0

// Enters S-mode at mepc with translation and interrupts off, a0 and a1 as they are (SBI 9.1).
.globl enter_supervisor
enter_supervisor:
        li      t0, MSTATUS_MPP_S
        csrw    mstatus, t0
        csrw    satp, zero
        stack_top t1
        csrw    mscratch, t1
        fence   iorw, iorw
        sfence.vma
        fence.i
        mret

.balign 4
trap_entry:
        csrrw   sp, mscratch, sp
        beqz    sp, trap_in_firmware
        addi    sp, sp, -FRAME_BYTES
        sw      ra, F_RA(sp)
        sw      t0, F_T0(sp)
        sw      t1, F_T1(sp)
        sw      t2, F_T2(sp)
        sw      a0, F_A0(sp)
        sw      a1, F_A0+4(sp)
        sw      a2, F_A0+8(sp)
        sw      a3, F_A0+12(sp)
        sw      a4, F_A0+16(sp)
        sw      a5, F_A0+20(sp)
        sw      a6, F_A0+24(sp)
        sw      a7, F_A0+28(sp)
        sw      t3, F_T3(sp)
        sw      t4, F_T3+4(sp)
        sw      t5, F_T3+8(sp)
        sw      t6, F_T3+12(sp)
        csrrw   t0, mscratch, zero
        sw      t0, F_SP(sp)
        mv      a0, sp
        call    trap
        lw      ra, F_RA(sp)
        lw      t1, F_T1(sp)
        lw      t2, F_T2(sp)
        lw      a0, F_A0(sp)
        lw      a1, F_A0+4(sp)
        lw      a2, F_A0+8(sp)
        lw      a3, F_A0+12(sp)
        lw      a4, F_A0+16(sp)
        lw      a5, F_A0+20(sp)
        lw      a6, F_A0+24(sp)
        lw      a7, F_A0+28(sp)
        lw      t3, F_T3(sp)
        lw      t4, F_T3+4(sp)
        lw      t5, F_T3+8(sp)
        lw      t6, F_T3+12(sp)
        addi    t0, sp, FRAME_BYTES
        csrw    mscratch, t0
        lw      t0, F_T0(sp)
        lw      sp, F_SP(sp)
        mret

// Only the one load that runs with the caller's rights may trap here; anything else is the
// firmware's own fault. t1 is free in the first case and of no more use in the second.
trap_in_firmware:
        csrrw   sp, mscratch, zero
        csrr    t1, mepc
        la      t0, caller_load
        beq     t0, t1, 1f
        stack_top sp
        call    trap_fatal
1:      csrw    mstatus, t2
        csrw    mepc, t3
        li      a0, -1
        ret

// int load_as_caller(unsigned virtual_address, unsigned *word): loads a word as the mode that made
// the call would, through its page tables. Returns 0, or -1 if that mode may not read there.
.globl load_as_caller
load_as_caller:
        csrr    t2, mstatus
        csrr    t3, mepc
        li      t0, MSTATUS_MPRV
        csrs    mstatus, t0
caller_load:
        lw      t1, 0(a0)
        csrw    mstatus, t2
        sw      t1, 0(a1)
        li      a0, 0
        ret

.section .stacks, "aw", @nobits
.balign 16
stacks: .space MAX_HARTS * STACK_BYTES
