// Before and after a conformance program: enters it in M-mode with all memory open, and ends the run.

#include "isa.h"

.section .text.start, "ax"
.globl _start
_start:
        la      t0, trap_vector
        csrw    mtvec, t0
        li      t0, -1
        csrw    pmpaddr0, t0
        li      t0, PMP_NAPOT | PMP_RWX
        csrw    pmpcfg0, t0
        la      s9, failed
        li      gp, 0
        call    program
        la      t0, tohost
        li      t1, 1
        sw      t1, 0(t0)
        li      t0, SYSCON
        li      t1, 0x5555
        sw      t1, 0(t0)
1:      wfi
        j       1b

// gp holds the number of the test that failed. From a lower mode the store below may trap: it is done
// again then, in M-mode.
.globl failed
failed:
        la      s9, failed
        slli    t1, gp, 1
        ori     t1, t1, 1
        la      t0, tohost
        sw      t1, 0(t0)
        slli    t1, gp, 16
        li      t2, 0x3333
        or      t1, t1, t2
        li      t0, SYSCON
        sw      t1, 0(t0)
1:      wfi
        j       1b

// Notes down what happened and goes on at s9, in M-mode with interrupts and MPRV off; s9 is `failed` unless a test expects a trap.
.balign 4
.globl trap_vector
trap_vector:
        csrr    s7, mcause
        csrr    s10, mepc
        csrr    s11, mtval
        csrr    s5, mstatus
        csrw    mepc, s9
        la      s9, failed
        csrw    mscratch, t0
        li      t0, MPP_M
        csrs    mstatus, t0
        li      t0, MPIE | MPRV
        csrc    mstatus, t0
        csrr    t0, mscratch
        mret

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
