// Classes of cost, each a thousand events (ENTROPY of them 20): what a system does beside computing. Each function
// takes a seed and returns a checksum.

#include "../bare/lib/guest.h"

#define EVENTS 1000
#define LINE 64
#define MSTATUS_MIE 0x8
#define MSTATUS_MPP 0x1800
#define MPP_S 0x800
#define MSIE 0x8
#define DIRECT(label) la t0, label; csrw mtvec, t0

.text

// A short block that jumps back to itself: 4 instructions for each event.
.globl class_dispatch
class_dispatch:
        li      t0, EVENTS
1:      addi    a0, a0, 3
        xor     a0, a0, t0
        addi    t0, t0, -1
        bnez    t0, 1b
        ret

.globl class_load
class_load:
        li      t0, EVENTS / 8
        la      t1, buffer
1:      .irp    offset, 0, 68, 136, 204, 272, 340, 408, 476
        lw      t2, \offset(t1)
        .endr
        add     a0, a0, t2
        addi    t0, t0, -1
        bnez    t0, 1b
        ret

.globl class_store
class_store:
        li      t0, EVENTS / 8
        la      t1, buffer
1:      .irp    offset, 0, 68, 136, 204, 272, 340, 408, 476
        sw      t0, \offset(t1)
        .endr
        addi    t0, t0, -1
        bnez    t0, 1b
        lw      t0, 476(t1)
        add     a0, a0, t0
        ret

.globl class_csr
class_csr:
        li      t0, EVENTS / 8
1:      .rept   8
        csrrw   a0, mscratch, a0
        .endr
        addi    a0, a0, 1
        addi    t0, t0, -1
        bnez    t0, 1b
        ret

// The scratch register of the serial port.
.globl class_mmio
class_mmio:
        li      t0, EVENTS / 8
        li      t1, UART0 + 7
        andi    t2, a0, 0x7f
        sb      t2, 0(t1)
1:      .rept   8
        lbu     t2, 0(t1)
        .endr
        add     a0, a0, t2
        addi    t0, t0, -1
        bnez    t0, 1b
        ret

// An environment call and its handler, which skips it.
.globl class_trap
class_trap:
        DIRECT(3f)
        li      t0, EVENTS
1:      ecall
        addi    t0, t0, -1
        bnez    t0, 1b
        DIRECT(trap_entry)
        ret
.balign 4
3:      csrr    t1, mepc
        addi    t1, t1, 4
        csrw    mepc, t1
        addi    a0, a0, 1
        mret

// A software interrupt to itself.
.globl class_interrupt
class_interrupt:
        DIRECT(3f)
        li      t0, EVENTS
        li      t1, CLINT_MSIP(0)
        li      t2, 1
        csrsi   mie, MSIE
        csrsi   mstatus, MSTATUS_MIE
1:      sw      t2, 0(t1)
        nop
        addi    t0, t0, -1
        bnez    t0, 1b
        csrci   mstatus, MSTATUS_MIE
        csrci   mie, MSIE
        DIRECT(trap_entry)
        ret
.balign 4
3:      sw      zero, 0(t1)
        addi    a0, a0, 1
        mret

// A page of 1000 instructions in short blocks, touched so that what was made of it is void, then run often enough that it
// is made again.
.option push
.option arch, +zifencei
.globl class_translate
class_translate:
        la      t0, region
        la      t2, region_end
1:      lw      t1, 0(t0)
        sw      t1, 0(t0)
        addi    t0, t0, LINE
        bltu    t0, t2, 1b
        fence.i
        li      t2, 5
1:      jal     t6, region
        addi    t2, t2, -1
        bnez    t2, 1b
        ret
.option pop

// Calls the function at a0 in S-mode, with a1 and a2; returns what it returns.
.globl in_supervisor
in_supervisor:
        addi    sp, sp, -16
        sw      ra, 12(sp)
        DIRECT(2f)
        csrw    mepc, a0
        mv      a0, a1
        mv      a1, a2
        li      t0, MSTATUS_MPP
        csrc    mstatus, t0
        li      t0, MPP_S
        csrs    mstatus, t0
        la      ra, 1f
        mret
1:      ecall
.balign 4
2:      DIRECT(trap_entry)
        lw      ra, 12(sp)
        addi    sp, sp, 16
        ret

// In S-mode: a0 is the seed, a1 the first of PAGES pages. The first touch of a page after a fence walks the table.
.globl touch_after_fence
touch_after_fence:
        li      t0, EVENTS / 200
        li      t4, 4096
1:      sfence.vma
        mv      t1, a1
        li      t2, 200
2:      lw      t3, 0(t1)
        add     a0, a0, t3
        add     t1, t1, t4
        addi    t2, t2, -1
        bnez    t2, 2b
        addi    t0, t0, -1
        bnez    t0, 1b
        ret

// In S-mode: from one address space to the other and back; in each, 4 pages are touched. a1 points to two values of satp.
.globl switch_spaces
switch_spaces:
        li      t0, EVENTS / 2
        lw      t1, 0(a1)
        lw      t2, 4(a1)
        lw      t3, 8(a1)
        li      t5, 4096
1:      .irp    space, t1, t2
        csrw    satp, \space
        sfence.vma
        mv      t6, t3
        .rept   4
        lw      t4, 0(t6)
        add     a0, a0, t4
        add     t6, t6, t5
        .endr
        .endr
        addi    t0, t0, -1
        bnez    t0, 1b
        ret

// In S-mode: the page at a1 is absent at each touch; the handler makes its entry (whose address is behind a2's) valid.
.globl fault_pages
fault_pages:
        lw      t1, 0(a1)
        lw      t2, 4(a1)
        lw      t3, 0(t2)
        la      t0, 3f
        csrw    stvec, t0
        li      t0, EVENTS
1:      sw      zero, 0(t2)
        sfence.vma t1
        lw      t4, 0(t1)
        add     a0, a0, t4
        addi    t0, t0, -1
        bnez    t0, 1b
        ret
.balign 4
3:      csrr    t4, stval
        sw      t3, 0(t2)
        sfence.vma t4
        sret

.balign 4096
region:
        .rept   EVENTS / 8
        addi    a0, a0, 1
        xor     a0, a0, t2
        slli    t4, a0, 3
        add     a0, a0, t4
        srli    t4, a0, 7
        xor     a0, a0, t4
        addi    a0, a0, 5
        bnez    t2, 1f
1:
        .endr
        jr      t6
region_end:
.balign 4096

.bss
.balign 4096
buffer: .space 4096
