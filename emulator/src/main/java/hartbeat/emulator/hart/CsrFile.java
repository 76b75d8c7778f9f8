package hartbeat.emulator.hart;

import static hartbeat.emulator.hart.Elements.MCAUSE;
import static hartbeat.emulator.hart.Elements.MEPC;
import static hartbeat.emulator.hart.Elements.MSCRATCH;
import static hartbeat.emulator.hart.Elements.MSTATUS;
import static hartbeat.emulator.hart.Elements.MTVAL;
import static hartbeat.emulator.hart.Elements.SCAUSE;
import static hartbeat.emulator.hart.Elements.SEPC;
import static hartbeat.emulator.hart.Elements.SSCRATCH;
import static hartbeat.emulator.hart.Elements.STVAL;

import hartbeat.emulator.isa.Csr;
import hartbeat.emulator.isa.Semantics.CsrAction;
import hartbeat.emulator.machine.RunState;
import hartbeat.emulator.mmu.Privilege;
import hartbeat.emulator.state.StateFormatException;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import hartbeat.emulator.time.Clock;
import hartbeat.emulator.time.TimeWaiter;

/**
 * The CSRs of a hart. A CSR that is not in {@link #read} does not exist: touching it is an illegal instruction. Fields without a
 * function here are read-only zero; a write of an unsupported value to a WARL field leaves the field as it was.
 */
final class CsrFile {
    /** What reading an absent CSR gives, and what a forbidden access gives. */
    static final long ILLEGAL = -1;

    /** RV32 with A, C, I, M, S, U. */
    private static final int MISA = 1 << 30 | 1 | 1 << 2 | 1 << 8 | 1 << 12 | 1 << 18 | 1 << 20;

    /** All synchronous exceptions except the reserved ones and the call from M-mode, which is never delegated. */
    private static final int DELEGABLE = 0xb3ff;

    private static final int COUNTERS = 7;
    private static final int TIME_COUNTER = 2;
    private static final int INHIBITABLE = 5;
    private static final int FIOM = 1;
    private static final int STCE = 1 << 31;

    private final Hart hart;

    /** The hart's registers, which hold some CSRs; see {@link Elements}. */
    private final int[] x;

    private final Clock clock;
    private final Counter cycle;
    private final Counter instret;

    int medeleg;
    int mideleg;
    int mie;
    int mtvec;
    int stvec;
    int satp;
    private int mcounteren;
    private int scounteren;
    private int menvcfg;
    private int menvcfgh;
    private int senvcfg;
    private long stimecmp;

    /** Pending bits that software writes: SSIP, STIP (without Sstc), SEIP. */
    private int softwarePending;

    /** Levels driven from outside: MSIP, MTIP, SEIP, MEIP, and STIP by Sstc. */
    private int linePending;

    CsrFile(Hart hart, RunState run, Clock clock) {
        this.hart = hart;
        x = hart.registers();
        this.clock = clock;
        cycle = new Counter(run);
        instret = new Counter(run);
    }

    /** Reset state: the specification demands little; everything that it leaves open is zero. Lines keep their level. */
    void reset() {
        x[MSTATUS] = 0;
        medeleg = 0;
        mideleg = 0;
        mie = 0;
        mtvec = 0;
        x[MEPC] = 0;
        x[MCAUSE] = 0;
        x[MTVAL] = 0;
        stvec = 0;
        x[SEPC] = 0;
        x[SCAUSE] = 0;
        x[STVAL] = 0;
        satp = 0;
        x[MSCRATCH] = 0;
        x[SSCRATCH] = 0;
        mcounteren = 0;
        scounteren = 0;
        menvcfg = 0;
        menvcfgh = 0;
        senvcfg = 0;
        stimecmp = TimeWaiter.NEVER;
        softwarePending = 0;
        linePending &= ~Interrupts.STIP;
        cycle.reset();
        instret.reset();
    }

    /**
     * Executes the access of a CSR instruction.
     *
     * @param writes whether the instruction writes at all (CSRRS and CSRRC with x0 do not)
     * @return the old value, zero-extended, or {@link #ILLEGAL}
     */
    long access(int number, CsrAction action, int operand, boolean writes) {
        if (!allowed(number, writes)) {
            return ILLEGAL;
        }
        long old = read(number);
        if (old < 0 || !writes) {
            return old;
        }
        int base = (int) old;
        if (number == Csr.MIP) {
            // Set and clear work on what software has written, not on the line of the interrupt controller (Priv.
            // 3.1.9).
            base = softwarePending;
        }
        write(
                number,
                switch (action) {
                    case WRITE -> operand;
                    case SET -> base | operand;
                    case CLEAR -> base & ~operand;
                });
        return old;
    }

    private boolean allowed(int number, boolean writes) {
        int privilege = hart.privilege();
        if (privilege < (number >>> 8 & 3) || (writes && number >>> 10 == 3)) {
            return false;
        }
        if (privilege == Privilege.MACHINE) {
            return true;
        }
        if (number == Csr.SATP) {
            return (x[MSTATUS] & Status.TVM) == 0;
        }
        if (number == Csr.STIMECMP || number == Csr.STIMECMPH) {
            return sstc() && (mcounteren & TIME_COUNTER) != 0;
        }
        if ((number & ~0x9f) == Csr.CYCLE) {
            int bit = 1 << (number & 31);
            return (mcounteren & bit) != 0 && (privilege == Privilege.SUPERVISOR || (scounteren & bit) != 0);
        }
        return true;
    }

    /** The value, zero-extended, or {@link #ILLEGAL} if there is no such CSR. */
    long read(int number) {
        int element = Elements.ofPlainCsr(number);
        if (element >= 0) {
            return u(x[element]);
        }
        long value = switch (number >>> 8) {
            case 0x1 -> readSupervisor(number);
            case 0x3, 0x7 -> readMachine(number);
            case 0xb, 0xc -> readCounter(number);
            case 0xf ->
                number == Csr.MHARTID ? hart.id() : number >= Csr.MVENDORID && number <= Csr.MCONFIGPTR ? 0 : ILLEGAL;
            default -> ILLEGAL;
        };
        return value == ILLEGAL ? ILLEGAL : value & 0xffff_ffffL;
    }

    private long readSupervisor(int number) {
        return switch (number) {
            case Csr.SSTATUS -> u(x[MSTATUS] & Status.SUPERVISOR);
            case Csr.SIE -> u(mie & mideleg);
            case Csr.STVEC -> u(stvec);
            case Csr.SCOUNTEREN -> u(scounteren);
            case Csr.SENVCFG -> u(senvcfg);
            case Csr.SIP -> u(pending() & mideleg);
            case Csr.STIMECMP -> u((int) stimecmp);
            case Csr.STIMECMPH -> u((int) (stimecmp >>> 32));
            case Csr.SATP -> u(satp);
            default -> ILLEGAL;
        };
    }

    private long readMachine(int number) {
        if (number >= Csr.PMPCFG0 && number < Csr.PMPCFG0 + 4) {
            return u(hart.mmu().readPmpConfig(number - Csr.PMPCFG0));
        }
        if (number >= Csr.PMPADDR0 && number < Csr.PMPADDR0 + 16) {
            return u(hart.mmu().readPmpAddress(number - Csr.PMPADDR0));
        }
        if (number >= 0x323 && number < 0x340) {
            return 0;
        }
        return switch (number) {
            case Csr.MSTATUS -> u(x[MSTATUS]);
            case Csr.MISA -> u(MISA);
            case Csr.MEDELEG -> u(medeleg);
            case Csr.MIDELEG -> u(mideleg);
            case Csr.MIE -> u(mie);
            case Csr.MTVEC -> u(mtvec);
            case Csr.MCOUNTEREN -> u(mcounteren);
            case Csr.MENVCFG -> u(menvcfg);
            case Csr.MSTATUSH -> 0;
            case Csr.MENVCFGH -> u(menvcfgh);
            case Csr.MCOUNTINHIBIT -> (cycle.inhibited() ? 1 : 0) | (instret.inhibited() ? 4 : 0);
            // No trigger exists: tselect holds nothing but 0, there tdata1 shows type 0 and tinfo bit 0 (Debug 5.7).
            case Csr.TSELECT, Csr.TDATA1, Csr.TDATA2, Csr.TDATA3 -> 0;
            case Csr.TINFO -> 1;
            case Csr.MIP -> u(pending());
            default -> ILLEGAL;
        };
    }

    private long readCounter(int number) {
        return switch (number) {
            case Csr.MCYCLE, Csr.CYCLE -> u((int) cycle.value());
            case Csr.MCYCLEH, Csr.CYCLEH -> cycle.value() >>> 32;
            case Csr.MINSTRET, Csr.INSTRET -> u((int) instret.value());
            case Csr.MINSTRETH, Csr.INSTRETH -> instret.value() >>> 32;
            case Csr.TIME -> u((int) clock.mtime());
            case Csr.TIMEH -> clock.mtime() >>> 32;
            // Counters 3 to 31 exist and are zero.
            default -> (number & 0x7f) >= 3 && (number & 0x7f) < 32 ? 0 : ILLEGAL;
        };
    }

    private void write(int number, int value) {
        int element = Elements.ofPlainCsr(number);
        if (element >= 0) {
            x[element] = value & Elements.writable(number);
            return;
        }
        switch (number) {
            case Csr.SSTATUS -> writeStatus((x[MSTATUS] & ~Status.SUPERVISOR) | (value & Status.SUPERVISOR));
            case Csr.SIE -> mie = (mie & ~mideleg) | (value & mideleg);
            case Csr.STVEC -> stvec = (value & 2) == 0 ? value : stvec;
            case Csr.SCOUNTEREN -> scounteren = value & COUNTERS;
            case Csr.SENVCFG -> senvcfg = value & FIOM;
            case Csr.SIP -> writePending(mideleg & Interrupts.SSIP, value);
            case Csr.STIMECMP -> writeStimecmp((stimecmp & ~0xffff_ffffL) | (value & 0xffff_ffffL));
            case Csr.STIMECMPH -> writeStimecmp((stimecmp & 0xffff_ffffL) | (long) value << 32);
            case Csr.SATP -> {
                satp = value;
                hart.translationChanged();
            }
            default -> writeMachine(number, value);
        }
    }

    private void writeMachine(int number, int value) {
        switch (number) {
            case Csr.MSTATUS -> writeStatus(value);
            case Csr.MEDELEG -> medeleg = value & DELEGABLE;
            case Csr.MIDELEG -> mideleg = value & Interrupts.SUPERVISOR;
            case Csr.MIE -> mie = value & Interrupts.ALL;
            case Csr.MTVEC -> mtvec = (value & 2) == 0 ? value : mtvec;
            case Csr.MCOUNTEREN -> mcounteren = value & COUNTERS;
            case Csr.MENVCFG -> menvcfg = value & FIOM;
            case Csr.MENVCFGH -> writeMenvcfgh(value);
            case Csr.MCOUNTINHIBIT -> {
                cycle.inhibit((value & INHIBITABLE & 1) != 0);
                instret.inhibit((value & INHIBITABLE & 4) != 0);
            }
            case Csr.MIP -> writePending(sstc() ? Interrupts.SSIP | Interrupts.SEIP : Interrupts.SUPERVISOR, value);
            case Csr.MCYCLE -> cycle.write((cycle.value() & ~0xffff_ffffL) | (value & 0xffff_ffffL));
            case Csr.MCYCLEH -> cycle.write((cycle.value() & 0xffff_ffffL) | (long) value << 32);
            case Csr.MINSTRET -> instret.write((instret.value() & ~0xffff_ffffL) | (value & 0xffff_ffffL));
            case Csr.MINSTRETH -> instret.write((instret.value() & 0xffff_ffffL) | (long) value << 32);
            default -> {
                if (number >= Csr.PMPCFG0 && number < Csr.PMPCFG0 + 4) {
                    hart.mmu().writePmpConfig(number - Csr.PMPCFG0, value);
                } else if (number >= Csr.PMPADDR0 && number < Csr.PMPADDR0 + 16) {
                    hart.mmu().writePmpAddress(number - Csr.PMPADDR0, value);
                }
            }
        }
    }

    /** Takes over the writable fields; MPP keeps its value if the new one is the reserved mode 2. */
    private void writeStatus(int value) {
        int wanted = value & Status.WRITABLE;
        if ((wanted & Status.MPP) == 2 << Status.MPP_SHIFT) {
            wanted = (wanted & ~Status.MPP) | (x[MSTATUS] & Status.MPP);
        }
        x[MSTATUS] = wanted;
        hart.translationChanged();
    }

    private void writePending(int mask, int value) {
        softwarePending = (softwarePending & ~mask) | (value & mask);
    }

    private void writeMenvcfgh(int value) {
        menvcfgh = value & STCE;
        softwarePending &= ~(sstc() ? Interrupts.STIP : 0);
        clock.deadlineChanged();
    }

    private void writeStimecmp(long value) {
        stimecmp = value;
        clock.deadlineChanged();
    }

    private boolean sstc() {
        return menvcfgh != 0;
    }

    /** {@code mip}. */
    int pending() {
        return softwarePending | linePending;
    }

    void line(int bit, boolean asserted) {
        linePending = asserted ? linePending | 1 << bit : linePending & ~(1 << bit);
    }

    /** This hart's turn begins or ends: only its own instructions count in {@code minstret}. */
    void turn(boolean begins) {
        instret.stop(!begins);
    }

    long deadlineMtime() {
        return sstc() ? stimecmp : TimeWaiter.NEVER;
    }

    void onTime(long mtime) {
        line(5, sstc() && Long.compareUnsigned(mtime, stimecmp) >= 0);
    }

    private static long u(int value) {
        return value & 0xffff_ffffL;
    }

    void save(StateWriter writer) {
        writer.i32(x[MSTATUS])
                .i32(medeleg)
                .i32(mideleg)
                .i32(mie)
                .i32(mtvec)
                .i32(x[MEPC])
                .i32(x[MCAUSE])
                .i32(x[MTVAL]);
        writer.i32(stvec)
                .i32(x[SEPC])
                .i32(x[SCAUSE])
                .i32(x[STVAL])
                .i32(satp)
                .i32(x[MSCRATCH])
                .i32(x[SSCRATCH]);
        writer.i32(mcounteren)
                .i32(scounteren)
                .i32(menvcfg)
                .i32(menvcfgh)
                .i32(senvcfg)
                .i64(stimecmp);
        writer.i32(softwarePending).i32(linePending);
        cycle.save(writer);
        instret.save(writer);
    }

    void restore(StateReader reader) {
        x[MSTATUS] = reader.i32() & Status.WRITABLE;
        if ((x[MSTATUS] & Status.MPP) == 2 << Status.MPP_SHIFT) {
            throw new StateFormatException("mstatus: expected=MPP 0, 1 or 3, actual=2");
        }
        medeleg = reader.i32() & DELEGABLE;
        mideleg = reader.i32() & Interrupts.SUPERVISOR;
        mie = reader.i32() & Interrupts.ALL;
        mtvec = reader.i32() & ~2;
        x[MEPC] = reader.i32() & ~1;
        x[MCAUSE] = reader.i32();
        x[MTVAL] = reader.i32();
        stvec = reader.i32() & ~2;
        x[SEPC] = reader.i32() & ~1;
        x[SCAUSE] = reader.i32();
        x[STVAL] = reader.i32();
        satp = reader.i32();
        x[MSCRATCH] = reader.i32();
        x[SSCRATCH] = reader.i32();
        mcounteren = reader.i32();
        scounteren = reader.i32();
        menvcfg = reader.i32();
        menvcfgh = reader.i32() & STCE;
        senvcfg = reader.i32();
        stimecmp = reader.i64();
        softwarePending = reader.i32() & Interrupts.SUPERVISOR;
        linePending = reader.i32() & Interrupts.ALL;
        cycle.restore(reader);
        instret.restore(reader);
    }
}
