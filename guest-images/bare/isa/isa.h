// The macros that conformance programs are made of.
//
// Registers: gp the number of the running test; s5, s7, s10, s11 mstatus, mcause, mepc, mtval of the
// last trap; s9 where a trap goes on; s6 and t6 scratch of the macros. Programs use the a and t registers.

#include "guest.h"

#define PMP_R 0x01
#define PMP_W 0x02
#define PMP_X 0x04
#define PMP_RWX 0x07
#define PMP_TOR 0x08
#define PMP_NA4 0x10
#define PMP_NAPOT 0x18
#define PMP_L 0x80

#define MPP_M (3 << 11)
#define MPP_S (1 << 11)
#define SIE (1 << 1)
#define MIE (1 << 3)
#define SPIE (1 << 5)
#define MPIE (1 << 7)
#define SPP (1 << 8)
#define MPRV (1 << 17)
#define SUM (1 << 18)
#define MXR (1 << 19)
#define TVM (1 << 20)
#define TW (1 << 21)
#define TSR (1 << 22)

#define SSI (1 << IRQ_SSI)
#define MSI (1 << IRQ_MSI)
#define STI (1 << IRQ_STI)
#define MTI (1 << IRQ_MTI)
#define SEI (1 << IRQ_SEI)
#define MEI (1 << IRQ_MEI)

#define FETCH_ACCESS 1
#define ILLEGAL 2
#define BREAKPOINT 3
#define LOAD_MISALIGNED 4
#define LOAD_ACCESS 5
#define STORE_MISALIGNED 6
#define STORE_ACCESS 7
#define ECALL_U 8
#define ECALL_S 9
#define ECALL_M 11
#define FETCH_PAGE 12
#define LOAD_PAGE 13
#define STORE_PAGE 15

#define USER 0
#define SUPERVISOR_MODE (1 << 11)

#define NOTHING 0x07000000         // no device and no memory there

#define CSR_SENVCFG 0x10a
#define CSR_MENVCFG 0x30a
#define CSR_MSTATUSH 0x310
#define CSR_MENVCFGH 0x31a
#define CSR_STIMECMP 0x14d
#define CSR_STIMECMPH 0x15d
#define STCE (1 << 31)

#ifdef __ASSEMBLER__

.set number, 0

// Begins the next test.
.macro next
        .set    number, number + 1
        li      gp, number
.endm

// The register must hold the value.
.macro is reg, value
        li      t6, \value
        bne     \reg, t6, failed
.endm

// `op rd, rs1, rs2` must give `want`; then with rd the same as rs1, as rs2, and as x0.
.macro rr op, a, b, want
        next
        li      a1, \a
        li      a2, \b
        \op     a0, a1, a2
        is      a0, \want
        mv      a3, a1
        \op     a3, a3, a2
        is      a3, \want
        mv      a4, a2
        \op     a4, a1, a4
        is      a4, \want
        \op     x0, a1, a2
        bnez    x0, failed
        is      a1, \a
        is      a2, \b
.endm

// The compressed `c.op a0, a1` gives `want` in a0.
.macro cc op, a, b, want
        next
        li      a0, \a
        li      a1, \b
        c.\op   a0, a1
        is      a0, \want
        is      a1, \b
.endm

// `op rd, rs, rs` with one register in every place.
.macro same op, a, want
        next
        li      a1, \a
        \op     a1, a1, a1
        is      a1, \want
.endm

// `op rd, rs1, imm`.
.macro ri op, a, imm, want
        next
        li      a1, \a
        \op     a0, a1, \imm
        is      a0, \want
        \op     a1, a1, \imm
        is      a1, \want
        \op     x0, a1, \imm
        bnez    x0, failed
.endm

// `op a, b` branches, forwards and backwards.
.macro taken op, a, b
        next
        li      a1, \a
        li      a2, \b
        \op     a1, a2, .Lforward\@
        j       failed
.Lbackward\@:
        j       .Ldone\@
.Lforward\@:
        \op     a1, a2, .Lbackward\@
        j       failed
.Ldone\@:
.endm

.macro not_taken op, a, b
        next
        li      a1, \a
        li      a2, \b
        \op     a1, a2, failed
.endm

// A load of `op` at data + offset gives `want`; also with a base register that is overwritten.
.macro load op, offset, want
        next
        la      a1, data
        \op     a0, \offset(a1)
        is      a0, \want
        la      a1, data + \offset + 9
        \op     a1, -9(a1)
        is      a1, \want
        la      a1, data + \offset
        \op     x0, 0(a1)
        bnez    x0, failed
.endm

// A store of `op` to data + offset leaves `want` in the word at data + word.
.macro store op, value, offset, word, want
        next
        la      a1, data
        li      a2, \value
        \op     a2, \offset(a1)
        lw      a0, \word(a1)
        is      a0, \want
.endm

// `op rd, rs2, (rs1)` on a word `a` gives `a` and leaves `want`.
.macro amo op, a, b, want
        next
        la      a1, data
        li      a2, \a
        li      a3, \b
        sw      a2, 0(a1)
        \op     a0, a3, (a1)
        bne     a0, a2, failed
        lw      a4, 0(a1)
        is      a4, \want
        // rd the same as rs2, and x0; with both ordering bits.
        sw      a2, 0(a1)
        \op\().aqrl a3, a3, (a1)
        bne     a3, a2, failed
        lw      a4, 0(a1)
        is      a4, \want
        sw      a2, 0(a1)
        li      a3, \b
        \op\().aq x0, a3, (a1)
        lw      a4, 0(a1)
        is      a4, \want
        sw      a2, 0(a1)
        mv      a4, a1
        \op\().rl a4, a3, (a4)
        bne     a4, a2, failed
.endm

// The instruction, four bytes long, traps to M-mode with the cause, at its own address.
.macro traps cause, insn:vararg
        next
        la      s6, .Lat\@
        la      s9, .Lback\@
        li      s7, -1
        .option push
        .option norvc
.Lat\@: \insn
        .option pop
        j       failed
.Lback\@:
        bne     s10, s6, failed
        is      s7, \cause
.endm

.macro tval value
        is      s11, \value
.endm

// Where the hart may also give 0 (illegal instructions and breakpoints).
.macro tval_or_0 value
        beqz    s11, .Lgood\@
        is      s11, \value
.Lgood\@:
.endm

.macro set csr, value
        li      t6, \value
        csrs    \csr, t6
.endm

.macro clear csr, value
        li      t6, \value
        csrc    \csr, t6
.endm

.macro write csr, value
        li      t6, \value
        csrw    \csr, t6
.endm

// The bits of the mask in the register hold the value.
.macro bits csr, mask, value
        csrr    t5, \csr
        li      t6, \mask
        and     t5, t5, t6
        is      t5, \value
.endm

// Goes on in a lower mode; `back` returns to M-mode by an environment call.
.macro drop mode
        clear   mstatus, MPP_M
        set     mstatus, \mode
        la      t6, .Lthere\@
        csrw    mepc, t6
        mret
.Lthere\@:
.endm

.macro back
        la      s9, .Lhere\@
        ecall
.Lhere\@:
.endm

// The instruction traps with the cause when run in the mode.
.macro traps_in mode, cause, insn:vararg
        drop    \mode
        traps   \cause, \insn
.endm

// The instruction, run in the mode, traps to S-mode with the cause. Then s2, s3 and s4 hold sepc, stval and sstatus, and s6
// where the instruction stands.
.macro delegates mode, cause, insn:vararg
        next
        la      t6, .Lsupervisor\@
        csrw    stvec, t6
        write   medeleg, 1 << \cause
        set     mstatus, SIE
        la      s6, .Lat\@
        drop    \mode
        .option push
        .option norvc
.Lat\@: \insn
        .option pop
        j       failed
        .balign 4
.Lsupervisor\@:
        csrr    s1, scause
        csrr    s2, sepc
        csrr    s3, stval
        csrr    s4, sstatus
        la      s9, .Lout\@
        .if     \cause == ECALL_S
        ebreak
        .else
        ecall
        .endif
.Lout\@:
        csrw    medeleg, x0
        is      s1, \cause
        andi    s1, s4, SIE | SPIE
        is      s1, SPIE
        andi    s1, s4, SPP
        is      s1, (\mode) >> 3       // SPP is bit 8, and MPP of S-mode bit 11
.endm

// The instruction does not trap in the mode.
.macro runs_in mode, insn:vararg
        next
        drop    \mode
        \insn
        back
.endm

// An interrupt is taken at once when this instruction has turned it on. Goes on behind, in M-mode.
.macro interrupts cause, insn:vararg
        next
        la      s9, .Lback\@
        li      s7, -1
        \insn
        nop
        nop
        j       failed
.Lback\@:
        is      s7, INTERRUPT | \cause
.endm

// In the mode the counter is readable only with its bit in the register of leaves.
.macro counter_gate enable, mode, bit, csr
        next
        clear   \enable, \bit
        traps_in \mode, ILLEGAL, csrr a0, \csr
        set     \enable, \bit
        runs_in \mode, csrr a0, \csr
.endm

.macro pmp_rest
        li      t6, -1
        csrw    pmpaddr15, t6
        li      t6, (PMP_NAPOT | PMP_RWX) << 24
        csrw    pmpcfg3, t6
        csrw    pmpcfg0, x0
.endm

// The entry `cfg` of index 0 over data .. data + 8.
.macro pmp_data cfg
        la      t6, data
        srli    t6, t6, 2
        csrw    pmpaddr0, t6
        li      t6, \cfg
        csrw    pmpcfg0, t6
        sfence.vma
.endm

// Sv32: the flags of a page table entry.
#define V 0x01
#define R 0x02
#define W 0x04
#define X 0x08
#define U 0x10
#define G 0x20
#define A 0x40
#define D 0x80
#define WINDOW 0x40000000

// Tables and pages of a program; comes last in it.
.macro sv32_pages
        .bss
        .balign 4096
root:   .space  4096
leaf:   .space  4096
page:   .space  4096
other:  .space  4096
.endm

// Fills the two pages, and turns Sv32 on with an empty table `leaf` for the window.
.macro sv32_on
        la      t5, page
        li      t6, 0x00000073          // ecall
        sw      t6, 0(t5)
        li      t6, 4711
        sw      t6, 4(t5)
        la      t5, other
        li      t6, 4713
        sw      t6, 0(t5)
        fence.i
        la      t5, leaf
        srli    t5, t5, 2
        ori     t5, t5, V
        la      t6, root + (WINDOW >> 20)
        sw      t5, 0(t6)
        la      t5, root
        srli    t5, t5, 12
        li      t6, 0x80000000
        or      t5, t5, t6
        csrw    satp, t5
        sfence.vma
.endm

.macro map flags
        la      t5, page
        srli    t5, t5, 2
        li      t6, \flags
        or      t5, t5, t6
        la      t6, leaf
        sw      t5, 0(t6)
        sfence.vma
.endm

// The 4 MB in which the program lies, at their own address, by one entry of the first level.
.macro identity flags
        li      t5, (RAM >> 2) | \flags
        la      t6, root + (RAM >> 20)
        sw      t5, 0(t6)
        sfence.vma
.endm

// Loads and stores are now those of the mode.
.macro mprv mode
        clear   mstatus, MPP_M
        set     mstatus, \mode
        set     mstatus, MPRV
.endm

.macro reads mode, offset, want
        next
        li      a1, WINDOW + \offset
        mprv    \mode
        lw      a0, 0(a1)
        clear   mstatus, MPRV
        is      a0, \want
.endm

.macro writes mode, offset, value
        next
        li      a1, WINDOW + \offset
        li      a2, \value
        mprv    \mode
        sw      a2, 0(a1)
        lw      a0, 0(a1)
        clear   mstatus, MPRV
        is      a0, \value
.endm

.macro no_read mode, offset
        li      a1, WINDOW + \offset
        mprv    \mode
        traps   LOAD_PAGE, lw a0, 0(a1)
        clear   mstatus, MPRV
        bne     s11, a1, failed
.endm

.macro no_write mode, offset
        li      a1, WINDOW + \offset
        mprv    \mode
        traps   STORE_PAGE, sw a0, 0(a1)
        clear   mstatus, MPRV
        bne     s11, a1, failed
.endm

// Goes to the page, which leads back with the cause.
.macro goes mode, cause
        next
        li      a1, WINDOW
        la      s9, .Lback\@
        clear   mstatus, MPP_M
        set     mstatus, \mode
        csrw    mepc, a1
        mret
.Lback\@:
        is      s7, \cause
        bne     s10, a1, failed
.endm

.macro fetches mode, cause
        goes    \mode, \cause
.endm

.macro no_fetch mode
        goes    \mode, FETCH_PAGE
        bne     s11, a1, failed
.endm

// An access that wants the bit: it faults and leaves the bit clear, or passes and the hart sets it.
.macro ad_access insn, cause, bit
        next
        li      s7, 0
        li      a1, WINDOW + 4
        la      s9, .Lfault\@
        mprv    MPP_S
        \insn  a0, 0(a1)
.Lfault\@:
        clear   mstatus, MPRV
        la      s9, failed
        la      a2, leaf
        lw      a2, 0(a2)
        andi    a2, a2, \bit
        beqz    s7, .Lpassed\@
        is      s7, \cause
        bnez    a2, failed
        j       .Ldone\@
.Lpassed\@:
        beqz    a2, failed
.Ldone\@:
.endm

.macro ad_read bit
        ad_access lw, LOAD_PAGE, \bit
.endm

.macro ad_write bit
        ad_access sw, STORE_PAGE, \bit
.endm

#endif
