// The ways in and out of the stream harness: see streams.c.

#include "streams.h"

.option norvc

.section .text.start, "ax"
.globl _start
_start:
        la      t0, vectors
        csrw    mtvec, t0
        li      t0, KEY
        csrw    mscratch, t0
        li      sp, STACK_TOP
        call    first
        j       leave

// Vectored or direct, all traps of M-mode come to the same place.
.balign 64
vectors:
        .rept   16
        j       entry
        .endr

// A stream may have left MPRV on, by which no store here would find its way, and no register is free to remember it:
// mscratch holds the bit of MPRV and nothing else, so that one exchange frees a register that knows which bit to clear.
entry:
        csrrw   sp, mscratch, sp
        csrrc   sp, mstatus, sp
        slli    sp, sp, 14
        bltz    sp, 1f
        li      sp, SAVED
        sw      x0, SAVED_MPRV(sp)
        j       2f
1:      li      sp, SAVED
        sw      sp, SAVED_MPRV(sp)
2:      sw      x1, 4(sp)
        csrr    x1, mscratch
        sw      x1, 8(sp)
        .irp    n, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        sw      x\n, 4 * \n(sp)
        .endr
        csrr    t0, minstret
        sw      t0, SAVED_CAME(sp)
        li      t0, KEY
        csrw    mscratch, t0
        // A trap may or may not end the reservation of LR; from here on it has.
        addi    t0, sp, SAVED_DUMMY
        sc.w    x0, x0, (t0)
        li      sp, STACK_TOP
        call    trapped
leave:
        li      sp, SAVED
        csrr    x1, minstret
        sw      x1, SAVED_LEFT(sp)
        lw      x1, 4(sp)
        .irp    n, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
        lw      x\n, 4 * \n(sp)
        .endr
        lw      sp, 8(sp)
        mret

// The page of S-mode: whatever is delegated goes on to M-mode at once, and SRET waits for its use.
.balign 4096
        .rept   16
        ecall
        .endr
        sret
