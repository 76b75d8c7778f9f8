package hartbeat.emulator.hart;

import static hartbeat.emulator.hart.Elements.MCAUSE;
import static hartbeat.emulator.hart.Elements.MEPC;
import static hartbeat.emulator.hart.Elements.MSTATUS;
import static hartbeat.emulator.hart.Elements.MTVAL;
import static hartbeat.emulator.hart.Elements.NO_RESERVATION;
import static hartbeat.emulator.hart.Elements.PRIVILEGE;
import static hartbeat.emulator.hart.Elements.RESERVATION;
import static hartbeat.emulator.hart.Elements.SCAUSE;
import static hartbeat.emulator.hart.Elements.SEPC;
import static hartbeat.emulator.hart.Elements.STVAL;

import hartbeat.emulator.bus.Bus;
import hartbeat.emulator.isa.Semantics.CsrAction;
import hartbeat.emulator.isa.Semantics.SystemKind;
import hartbeat.emulator.machine.RunState;
import hartbeat.emulator.memory.GuestMemory;
import hartbeat.emulator.memory.PageListener;
import hartbeat.emulator.mmu.Access;
import hartbeat.emulator.mmu.Mmu;
import hartbeat.emulator.mmu.Privilege;
import hartbeat.emulator.state.StateFormatException;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import hartbeat.emulator.state.Stateful;
import hartbeat.emulator.time.Clock;
import hartbeat.emulator.time.TimeWaiter;
import java.util.Arrays;

/**
 * A RISC-V hardware thread: registers, CSRs, privilege.
 *
 * <p>The reservation of LR is one word at a physical address. It ends with any SC, with any trap, when another hart has its turn,
 * with any input to a device, and when a device writes to the word, as it may when the hart's own store tells it to or a deadline
 * comes; so another hart or a device can never store to the word between LR and a successful SC.
 *
 * <p>A hart whose trap handler's first instruction raises the very same trap again would trap forever without retiring an
 * instruction. It is <i>stalled</i>: that costs one count, once, and then it waits until an interrupt can be taken.
 */
public final class Hart implements Stateful, TimeWaiter {
    /** Where executors let instructions write that have x0 for a destination. */
    public static final int DISCARD = 32;

    private static final int INTERRUPT = 1 << 31;
    private static final int ILLEGAL_INSTRUCTION = 2;
    private static final int BREAKPOINT = 3;
    private static final int CALL_FROM_USER = 8;

    /** What is here beside x0 to x31 say {@link #DISCARD} and {@link Elements}. A power of two beyond {@link #DISCARD}, so that an index of six bits needs no check. */
    private final int[] x = new int[64];

    private final int id;
    private final RunState run;
    private final CsrFile csr;
    private final Mmu mmu;
    private int pc;
    private boolean waitingForInterrupt;
    private boolean stalled;

    /** @param id {@code mhartid}, from 0 */
    public Hart(int id, RunState run, Clock clock, GuestMemory memory, Bus bus) {
        this.id = id;
        this.run = run;
        x[PRIVILEGE] = Privilege.MACHINE;
        x[RESERVATION] = NO_RESERVATION;
        csr = new CsrFile(this, run, clock);
        mmu = new Mmu(id, memory, bus);
        memory.addPageListener(new PageListener() {
            @Override
            public void deviceWrote(long address, int length) {
                long reserved = x[RESERVATION] & 0xffff_ffffL;
                if (address < reserved + 4 && reserved < address + length) {
                    clearReservation();
                }
            }
        });
    }

    public int id() {
        return id;
    }

    public Mmu mmu() {
        return mmu;
    }

    /** x0 to x31, then room for executors, then {@link Elements}; element 0 is always 0. */
    public int[] registers() {
        return x;
    }

    public int pc() {
        return pc;
    }

    public void pc(int value) {
        pc = value;
    }

    public int privilege() {
        return x[PRIVILEGE];
    }

    /** Reset state; execution begins at {@code pc} in M-mode with a0 and a1 as given. */
    public void reset(int newPc, int a0, int a1) {
        Arrays.fill(x, 0, 32, 0);
        x[10] = a0;
        x[11] = a1;
        pc = newPc;
        x[PRIVILEGE] = Privilege.MACHINE;
        waitingForInterrupt = false;
        stalled = false;
        x[RESERVATION] = NO_RESERVATION;
        csr.reset();
        mmu.reset();
        translationChanged();
    }

    /** Reads a CSR as M-mode would, for monitors and tests; -1 if there is none with this number. */
    public long peekCsr(int number) {
        return csr.read(number);
    }

    /** Waits in WFI (or is stalled) and no enabled interrupt is pending. */
    public boolean waiting() {
        return (waitingForInterrupt && (csr.pending() & csr.mie) == 0) || (stalled && takeableInterrupt() < 0);
    }

    /** Whether the hart traps forever without retiring an instruction. */
    public boolean stalled() {
        return stalled;
    }

    /** Sets the level of an interrupt-pending bit that is driven from outside: MSIP 3, MTIP 7, SEIP 9, MEIP 11 (Priv. 3.1.9). */
    public void interruptLevel(int bit, boolean asserted) {
        csr.line(bit, asserted);
        if (asserted) {
            // One that is withdrawn leaves nothing to be taken, and nobody waits for less.
            run.requestLeave();
        }
    }

    /** Another hart's turn ends and this one's begins, or the other way round; the machine calls it between instructions. */
    public void turn(boolean begins) {
        csr.turn(begins);
    }

    /** For executors: whether the next instruction may not simply be executed, as the hart waits or an interrupt is to be taken. */
    public boolean mustLook() {
        return waitingForInterrupt || takeableInterrupt() >= 0;
    }

    /** For executors: the interrupts that are pending and enabled, but for what {@code mstatus} says. */
    public int enabledPending() {
        return csr.pending() & csr.mie;
    }

    /** For executors that write {@link Elements#MSTATUS}: what accesses mean may have changed. */
    public void statusWritten() {
        translationChanged();
    }

    /** For executors, before the next instruction: takes the pending enabled interrupt that comes first, if any. */
    public void takeInterrupt() {
        waitingForInterrupt = false;
        stalled = false;
        int code = takeableInterrupt();
        if (code >= 0) {
            trap(code, 0, true);
        }
    }

    /** Raises an exception at the present pc; afterwards pc is at the handler. The instruction does not retire. */
    public void exception(int cause, int value) {
        boolean supervisor = delegated(cause, false);
        int before = x[MSTATUS];
        boolean repeats = supervisor
                ? x[PRIVILEGE] == Privilege.SUPERVISOR
                        && pc == (csr.stvec & ~3)
                        && x[SEPC] == pc
                        && x[SCAUSE] == cause
                        && x[STVAL] == value
                : x[PRIVILEGE] == Privilege.MACHINE
                        && pc == (csr.mtvec & ~3)
                        && x[MEPC] == pc
                        && x[MCAUSE] == cause
                        && x[MTVAL] == value;
        trap(cause, value, false);
        stalled = repeats && x[MSTATUS] == before;
    }

    /** Raises the exception that the last memory access ended with. */
    public void memoryFault() {
        exception(mmu.faultCause(), mmu.faultValue());
    }

    /** Raises an illegal-instruction exception; {@code bits} is the encoding, 16-bit ones zero-extended. */
    public void illegalInstruction(int bits) {
        exception(ILLEGAL_INSTRUCTION, bits);
    }

    /**
     * Executes a CSR instruction's access.
     *
     * @param writes whether the instruction writes at all
     * @return the CSR's old value, zero-extended, or a negative number for an illegal instruction
     */
    public long accessCsr(int number, CsrAction action, int operand, boolean writes) {
        return csr.access(number, action, operand, writes);
    }

    /**
     * Executes an instruction that concerns the hart as a whole; pc is its address, {@code next} that of the instruction after it.
     *
     * @return where to go on, zero-extended, or a negative number if an exception was raised
     */
    public long system(SystemKind kind, int next, int bits) {
        return switch (kind) {
            case FENCE, FENCE_I -> next & 0xffff_ffffL;
            case ECALL -> raise(CALL_FROM_USER + x[PRIVILEGE], 0);
            case EBREAK -> raise(BREAKPOINT, pc);
            case MRET -> x[PRIVILEGE] == Privilege.MACHINE ? returnFromMachine() : raise(ILLEGAL_INSTRUCTION, bits);
            case SRET -> mayReturnFromSupervisor() ? returnFromSupervisor() : raise(ILLEGAL_INSTRUCTION, bits);
            case WFI -> waitForInterrupt(next, bits);
            // Translations are never out of date, so there is nothing to do but to check the right to ask.
            case SFENCE_VMA ->
                x[PRIVILEGE] == Privilege.USER
                                || (x[PRIVILEGE] == Privilege.SUPERVISOR && (x[MSTATUS] & Status.TVM) != 0)
                        ? raise(ILLEGAL_INSTRUCTION, bits)
                        : next & 0xffff_ffffL;
        };
    }

    /** LR.W: the word, zero-extended, or a negative number for a fault. */
    public long loadReserved(int virtual) {
        long physical = mmu.locateAtomic(virtual, Access.LOAD);
        if (physical < 0) {
            return Mmu.FAULT;
        }
        x[RESERVATION] = (int) physical;
        return mmu.loadAtomic(physical) & 0xffff_ffffL;
    }

    /** SC.W: 0 if stored, 1 if not, or a negative number for a fault. A fault is raised whether or not the word is reserved. */
    public long storeConditional(int virtual, int value) {
        long physical = mmu.locateAtomic(virtual, Access.STORE);
        if (physical < 0) {
            return Mmu.FAULT;
        }
        boolean held = x[RESERVATION] == (int) physical;
        x[RESERVATION] = NO_RESERVATION;
        if (held) {
            mmu.storeAtomic(virtual, physical, value);
        }
        return held ? 0 : 1;
    }

    /** Ends the reservation of LR. */
    public void clearReservation() {
        x[RESERVATION] = NO_RESERVATION;
    }

    private long raise(int cause, int value) {
        exception(cause, value);
        return Mmu.FAULT;
    }

    private long waitForInterrupt(int next, int bits) {
        boolean forbidden = x[PRIVILEGE] == Privilege.USER
                || (x[PRIVILEGE] == Privilege.SUPERVISOR && (x[MSTATUS] & Status.TW) != 0);
        if (forbidden) {
            return raise(ILLEGAL_INSTRUCTION, bits);
        }
        waitingForInterrupt = true;
        return next & 0xffff_ffffL;
    }

    private boolean mayReturnFromSupervisor() {
        return x[PRIVILEGE] == Privilege.MACHINE
                || (x[PRIVILEGE] == Privilege.SUPERVISOR && (x[MSTATUS] & Status.TSR) == 0);
    }

    private long returnFromMachine() {
        int to = (x[MSTATUS] & Status.MPP) >>> Status.MPP_SHIFT;
        int status = x[MSTATUS] & ~(Status.MPP | Status.MIE);
        status |= (status & Status.MPIE) != 0 ? Status.MIE : 0;
        status |= Status.MPIE;
        return enter(to, status, x[MEPC]);
    }

    private long returnFromSupervisor() {
        int to = (x[MSTATUS] & Status.SPP) != 0 ? Privilege.SUPERVISOR : Privilege.USER;
        int status = x[MSTATUS] & ~(Status.SPP | Status.SIE);
        status |= (status & Status.SPIE) != 0 ? Status.SIE : 0;
        status |= Status.SPIE;
        return enter(to, status, x[SEPC]);
    }

    private long enter(int to, int status, int target) {
        x[MSTATUS] = to == Privilege.MACHINE ? status : status & ~Status.MPRV;
        x[PRIVILEGE] = to;
        translationChanged();
        return target & 0xffff_fffeL;
    }

    /** The code of the interrupt that would be taken now, or -1 (Priv. 3.1.6.1, 3.1.9). */
    private int takeableInterrupt() {
        int pending = csr.pending() & csr.mie;
        if (pending == 0) {
            return -1;
        }
        int machine = pending & ~csr.mideleg;
        if (machine != 0 && (x[PRIVILEGE] < Privilege.MACHINE || (x[MSTATUS] & Status.MIE) != 0)) {
            return Interrupts.first(machine);
        }
        int supervisor = pending & csr.mideleg;
        if (x[PRIVILEGE] < Privilege.SUPERVISOR
                || (x[PRIVILEGE] == Privilege.SUPERVISOR && (x[MSTATUS] & Status.SIE) != 0)) {
            return Interrupts.first(supervisor);
        }
        return -1;
    }

    private boolean delegated(int cause, boolean interrupt) {
        int delegation = interrupt ? csr.mideleg : csr.medeleg;
        return x[PRIVILEGE] <= Privilege.SUPERVISOR && (delegation >>> cause & 1) != 0;
    }

    private void trap(int cause, int value, boolean interrupt) {
        int code = interrupt ? cause | INTERRUPT : cause;
        int status = x[MSTATUS];
        x[RESERVATION] = NO_RESERVATION;
        if (delegated(cause, interrupt)) {
            x[SCAUSE] = code;
            x[SEPC] = pc;
            x[STVAL] = value;
            status &= ~(Status.SPP | Status.SPIE);
            status |= x[PRIVILEGE] == Privilege.SUPERVISOR ? Status.SPP : 0;
            status |= (status & Status.SIE) != 0 ? Status.SPIE : 0;
            x[MSTATUS] = status & ~Status.SIE;
            x[PRIVILEGE] = Privilege.SUPERVISOR;
            pc = vector(csr.stvec, cause, interrupt);
        } else {
            x[MCAUSE] = code;
            x[MEPC] = pc;
            x[MTVAL] = value;
            status &= ~(Status.MPP | Status.MPIE);
            status |= x[PRIVILEGE] << Status.MPP_SHIFT;
            status |= (status & Status.MIE) != 0 ? Status.MPIE : 0;
            x[MSTATUS] = status & ~Status.MIE;
            x[PRIVILEGE] = Privilege.MACHINE;
            pc = vector(csr.mtvec, cause, interrupt);
        }
        translationChanged();
    }

    private static int vector(int tvec, int cause, boolean interrupt) {
        int base = tvec & ~3;
        return interrupt && (tvec & 1) != 0 ? base + 4 * cause : base;
    }

    /** Privilege, mstatus or satp has changed: the MMU learns what accesses mean from now on. */
    void translationChanged() {
        int status = x[MSTATUS];
        int data = (status & Status.MPRV) != 0 ? (status & Status.MPP) >>> Status.MPP_SHIFT : x[PRIVILEGE];
        mmu.context(x[PRIVILEGE], data, csr.satp, (status & Status.SUM) != 0, (status & Status.MXR) != 0);
    }

    @Override
    public long deadlineMtime() {
        return csr.deadlineMtime();
    }

    @Override
    public void onTime(long mtime) {
        csr.onTime(mtime);
    }

    @Override
    public String name() {
        return "hart" + id;
    }

    @Override
    public void save(StateWriter writer) {
        for (int i = 1; i < 32; i++) {
            writer.i32(x[i]);
        }
        writer.i32(pc)
                .u8(x[PRIVILEGE])
                .flag(waitingForInterrupt)
                .flag(stalled)
                .i64(x[RESERVATION] == NO_RESERVATION ? -1 : x[RESERVATION] & 0xffff_ffffL);
        csr.save(writer);
        mmu.save(writer);
    }

    @Override
    public void restore(StateReader reader) {
        for (int i = 1; i < 32; i++) {
            x[i] = reader.i32();
        }
        pc = reader.i32() & ~1;
        x[PRIVILEGE] = reader.u8();
        if (x[PRIVILEGE] > Privilege.MACHINE || x[PRIVILEGE] == 2) {
            throw new StateFormatException(
                    "privilege of hart %d: expected=0, 1 or 3, actual=%d".formatted(id, x[PRIVILEGE]));
        }
        waitingForInterrupt = reader.flag();
        stalled = reader.flag();
        long reserved = reader.i64();
        x[RESERVATION] = reserved < 0 ? NO_RESERVATION : (int) reserved;
        csr.restore(reader);
        mmu.restore(reader);
        translationChanged();
    }
}
