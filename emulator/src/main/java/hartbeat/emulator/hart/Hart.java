package hartbeat.emulator.hart;

import hartbeat.emulator.bus.Bus;
import hartbeat.emulator.isa.Semantics.CsrAction;
import hartbeat.emulator.isa.Semantics.SystemKind;
import hartbeat.emulator.machine.RunState;
import hartbeat.emulator.memory.GuestMemory;
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
 * and with any input to a device; so another hart or a device can never store to the word between LR and a successful SC.
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
    private static final long NONE = -1;

    /** A power of two beyond {@link #DISCARD}, so that an index of six bits needs no check. */
    private final int[] x = new int[64];

    private final int id;
    private final RunState run;
    private final CsrFile csr;
    private final Mmu mmu;
    private int pc;
    private int privilege = Privilege.MACHINE;
    private boolean waitingForInterrupt;
    private boolean stalled;
    private long reservation = NONE;

    /** @param id {@code mhartid}, from 0 */
    public Hart(int id, RunState run, Clock clock, GuestMemory memory, Bus bus) {
        this.id = id;
        this.run = run;
        csr = new CsrFile(this, run, clock);
        mmu = new Mmu(id, memory, bus);
    }

    public int id() {
        return id;
    }

    public Mmu mmu() {
        return mmu;
    }

    /** x0 to x31, then room for executors; element 0 is always 0. */
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
        return privilege;
    }

    /** Reset state; execution begins at {@code pc} in M-mode with a0 and a1 as given. */
    public void reset(int newPc, int a0, int a1) {
        Arrays.fill(x, 0);
        x[10] = a0;
        x[11] = a1;
        pc = newPc;
        privilege = Privilege.MACHINE;
        waitingForInterrupt = false;
        stalled = false;
        reservation = NONE;
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
        run.requestLeave();
    }

    /** Another hart's turn ends and this one's begins, or the other way round; the machine calls it between instructions. */
    public void turn(boolean begins) {
        csr.turn(begins);
    }

    /** For executors: whether the next instruction may not simply be executed, as the hart waits or an interrupt is to be taken. */
    public boolean mustLook() {
        return waitingForInterrupt || takeableInterrupt() >= 0;
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
        int before = csr.mstatus;
        boolean repeats = supervisor
                ? privilege == Privilege.SUPERVISOR
                        && pc == (csr.stvec & ~3)
                        && csr.sepc == pc
                        && csr.scause == cause
                        && csr.stval == value
                : privilege == Privilege.MACHINE
                        && pc == (csr.mtvec & ~3)
                        && csr.mepc == pc
                        && csr.mcause == cause
                        && csr.mtval == value;
        trap(cause, value, false);
        stalled = repeats && csr.mstatus == before;
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
            case ECALL -> raise(CALL_FROM_USER + privilege, 0);
            case EBREAK -> raise(BREAKPOINT, pc);
            case MRET -> privilege == Privilege.MACHINE ? returnFromMachine() : raise(ILLEGAL_INSTRUCTION, bits);
            case SRET -> mayReturnFromSupervisor() ? returnFromSupervisor() : raise(ILLEGAL_INSTRUCTION, bits);
            case WFI -> waitForInterrupt(next, bits);
            // Translations are never out of date, so there is nothing to do but to check the right to ask.
            case SFENCE_VMA ->
                privilege == Privilege.USER || (privilege == Privilege.SUPERVISOR && (csr.mstatus & Status.TVM) != 0)
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
        reservation = physical;
        return mmu.loadAtomic(physical) & 0xffff_ffffL;
    }

    /** SC.W: 0 if stored, 1 if not, or a negative number for a fault. A fault is raised whether or not the word is reserved. */
    public long storeConditional(int virtual, int value) {
        long physical = mmu.locateAtomic(virtual, Access.STORE);
        if (physical < 0) {
            return Mmu.FAULT;
        }
        boolean held = reservation == physical;
        reservation = NONE;
        if (held) {
            mmu.storeAtomic(virtual, physical, value);
        }
        return held ? 0 : 1;
    }

    /** Ends the reservation of LR. */
    public void clearReservation() {
        reservation = NONE;
    }

    private long raise(int cause, int value) {
        exception(cause, value);
        return Mmu.FAULT;
    }

    private long waitForInterrupt(int next, int bits) {
        boolean forbidden =
                privilege == Privilege.USER || (privilege == Privilege.SUPERVISOR && (csr.mstatus & Status.TW) != 0);
        if (forbidden) {
            return raise(ILLEGAL_INSTRUCTION, bits);
        }
        waitingForInterrupt = true;
        return next & 0xffff_ffffL;
    }

    private boolean mayReturnFromSupervisor() {
        return privilege == Privilege.MACHINE || (privilege == Privilege.SUPERVISOR && (csr.mstatus & Status.TSR) == 0);
    }

    private long returnFromMachine() {
        int to = (csr.mstatus & Status.MPP) >>> Status.MPP_SHIFT;
        int status = csr.mstatus & ~(Status.MPP | Status.MIE);
        status |= (status & Status.MPIE) != 0 ? Status.MIE : 0;
        status |= Status.MPIE;
        return enter(to, status, csr.mepc);
    }

    private long returnFromSupervisor() {
        int to = (csr.mstatus & Status.SPP) != 0 ? Privilege.SUPERVISOR : Privilege.USER;
        int status = csr.mstatus & ~(Status.SPP | Status.SIE);
        status |= (status & Status.SPIE) != 0 ? Status.SIE : 0;
        status |= Status.SPIE;
        return enter(to, status, csr.sepc);
    }

    private long enter(int to, int status, int target) {
        csr.mstatus = to == Privilege.MACHINE ? status : status & ~Status.MPRV;
        privilege = to;
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
        if (machine != 0 && (privilege < Privilege.MACHINE || (csr.mstatus & Status.MIE) != 0)) {
            return Interrupts.first(machine);
        }
        int supervisor = pending & csr.mideleg;
        if (privilege < Privilege.SUPERVISOR
                || (privilege == Privilege.SUPERVISOR && (csr.mstatus & Status.SIE) != 0)) {
            return Interrupts.first(supervisor);
        }
        return -1;
    }

    private boolean delegated(int cause, boolean interrupt) {
        int delegation = interrupt ? csr.mideleg : csr.medeleg;
        return privilege <= Privilege.SUPERVISOR && (delegation >>> cause & 1) != 0;
    }

    private void trap(int cause, int value, boolean interrupt) {
        int code = interrupt ? cause | INTERRUPT : cause;
        int status = csr.mstatus;
        reservation = NONE;
        if (delegated(cause, interrupt)) {
            csr.scause = code;
            csr.sepc = pc;
            csr.stval = value;
            status &= ~(Status.SPP | Status.SPIE);
            status |= privilege == Privilege.SUPERVISOR ? Status.SPP : 0;
            status |= (status & Status.SIE) != 0 ? Status.SPIE : 0;
            csr.mstatus = status & ~Status.SIE;
            privilege = Privilege.SUPERVISOR;
            pc = vector(csr.stvec, cause, interrupt);
        } else {
            csr.mcause = code;
            csr.mepc = pc;
            csr.mtval = value;
            status &= ~(Status.MPP | Status.MPIE);
            status |= privilege << Status.MPP_SHIFT;
            status |= (status & Status.MIE) != 0 ? Status.MPIE : 0;
            csr.mstatus = status & ~Status.MIE;
            privilege = Privilege.MACHINE;
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
        int status = csr.mstatus;
        int data = (status & Status.MPRV) != 0 ? (status & Status.MPP) >>> Status.MPP_SHIFT : privilege;
        mmu.context(privilege, data, csr.satp, (status & Status.SUM) != 0, (status & Status.MXR) != 0);
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
        writer.i32(pc).u8(privilege).flag(waitingForInterrupt).flag(stalled).i64(reservation);
        csr.save(writer);
        mmu.save(writer);
    }

    @Override
    public void restore(StateReader reader) {
        for (int i = 1; i < 32; i++) {
            x[i] = reader.i32();
        }
        pc = reader.i32() & ~1;
        privilege = reader.u8();
        if (privilege > Privilege.MACHINE || privilege == 2) {
            throw new StateFormatException(
                    "privilege of hart %d: expected=0, 1 or 3, actual=%d".formatted(id, privilege));
        }
        waitingForInterrupt = reader.flag();
        stalled = reader.flag();
        reservation = reader.i64();
        csr.restore(reader);
        mmu.restore(reader);
        translationChanged();
    }
}
