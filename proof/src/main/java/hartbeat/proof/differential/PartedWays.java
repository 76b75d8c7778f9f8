package hartbeat.proof.differential;

import hartbeat.emulator.mmu.Privilege;
import hartbeat.proof.differential.StreamResult.Trap;

/**
 * Where two machines go different ways from a trap on for a reason of {@link KnownDifference#NOT_TRIED} that a stream came to all the
 * same. Nothing behind such a trap is compared, so each reason is as narrow as what is known of the stream lets it be.
 */
final class PartedWays {
    private static final int SYSTEM = 0x73;
    private static final int LR = 0x1000_202f;
    private static final int LR_MASK = 0xf9f0_707f;
    private static final int SC = 0x1800_202f;
    private static final int SC_MASK = 0xf800_707f;
    private static final int BASE_REGISTER = 0x1f << 15;
    private static final int PMPCFG = 0x3a0;
    private static final int CALL_FROM_SUPERVISOR = 9;
    private static final int FETCH_PAGE_FAULT = 12;
    private static final int LEAF = 0xe;
    private static final int USER = 0x10;
    private static final int SPP = 1 << 8;
    private static final int SUM = 1 << 18;

    /** Most bytes from LR to its SC: as {@link StreamInstructions} makes them. */
    private static final int MOST_BETWEEN = 12;

    private final Stream stream;
    private final StreamResult ours;
    private final StreamResult theirs;
    private final boolean protects;

    PartedWays(Stream stream, StreamResult ours, StreamResult theirs) {
        this.stream = stream;
        this.ours = ours;
        this.theirs = theirs;
        protects = protects(stream);
    }

    /** Whether they do from trap number {@code at} on. */
    boolean from(int at) {
        boolean elsewhere = ours.trap(at, Trap.MEPC) != theirs.trap(at, Trap.MEPC)
                || ours.trap(at, Trap.SEPC) != theirs.trap(at, Trap.SEPC);
        return elsewhere && (asksForTheWhole(at) || failsWithoutFault(at) || hasRightsOfFetch(ours, at))
                || hasRightsOfData(at)
                || fetchesByPage(at);
    }

    /** Whether PMP may hold anything but what the harness has put there, which leaves all code and data alone. */
    private static boolean protects(Stream stream) {
        boolean found = (stream.words()[Stream.PMPCFG] | stream.words()[Stream.PMPCFG + 1]) != 0;
        for (int half = 0; half + 1 < stream.halves(); half++) {
            int word = stream.half(half) | stream.half(half + 1) << 16;
            found |= (word & 0x7f) == SYSTEM && (word >>> 12 & 3) != 0 && (word >>> 20 & ~3) == PMPCFG;
        }
        return found;
    }

    /** A misaligned access across pages of which PMP allows each portion but not the whole. */
    private boolean asksForTheWhole(int at) {
        boolean machine = KnownDifference.isAccessFault(theirs.trap(at, Trap.MCAUSE))
                && KnownDifference.crossesPage(theirs.trap(at, Trap.MTVAL));
        boolean supervisor = KnownDifference.isAccessFault(theirs.trap(at, Trap.SCAUSE))
                && KnownDifference.crossesPage(theirs.trap(at, Trap.STVAL));
        return protects
                && (machine || supervisor)
                && ours.trap(at, Trap.INSTRUCTION) != theirs.trap(at, Trap.INSTRUCTION);
    }

    /** An SC that may lack a reservation and that ours says faults, of which QEMU says nothing. */
    private boolean failsWithoutFault(int at) {
        int instruction = ours.trap(at, Trap.INSTRUCTION);
        int machine = ours.trap(at, Trap.MCAUSE);
        int supervisor = ours.trap(at, Trap.SCAUSE);
        boolean faults = KnownDifference.isFault(machine)
                || KnownDifference.isFault(supervisor)
                || machine == 6
                || supervisor == 6;
        return (instruction & SC_MASK) == SC && faults && mayLackReservation(at);
    }

    /** Whether a trap came between an SC and its LR, or there is no LR, as where a stream is being made small. */
    private boolean mayLackReservation(int at) {
        int pc = pc(ours, at);
        if (at > 0 && Integer.compareUnsigned(pc - pc(ours, at - 1), MOST_BETWEEN) <= 0) {
            return true;
        }
        int base = ours.trap(at, Trap.INSTRUCTION) & BASE_REGISTER;
        for (int back = 4; back <= MOST_BETWEEN; back += 4) {
            int half = (pc - back & 2 * Stream.PAGE - 1) - stream.words()[Stream.OFFSET] >> 1;
            if (half >= 0 && half + 1 < stream.halves()) {
                int word = stream.half(half) | stream.half(half + 1) << 16;
                if ((word & LR_MASK) == LR && (word & BASE_REGISTER) == base) {
                    return false;
                }
            }
        }
        return true;
    }

    /** A load or store of M-mode by the rights of another mode, which fails in a page of code: QEMU does it by the rights of M-mode. */
    static boolean hasRightsOfFetch(StreamResult ours, int at) {
        int status = ours.trap(at, Trap.MSTATUS);
        boolean redirected =
                (status & KnownDifference.MPRV) != 0 && (status & StreamGenerator.MPP) == StreamGenerator.MPP;
        int page = ours.trap(at, Trap.MTVAL) & -Stream.PAGE;
        return redirected
                && KnownDifference.isFault(ours.trap(at, Trap.MCAUSE))
                && (page == Stream.CODE || page == Stream.CODE + Stream.PAGE);
    }

    /** A fetch of S-mode from a page of U-mode, which it may load from and store to by SUM: then QEMU does the fetch as well. */
    private boolean hasRightsOfData(int at) {
        int status = ours.trap(at, Trap.MSTATUS);
        boolean supervisor = delegated(ours, at)
                ? (status & SPP) != 0
                : (status & StreamGenerator.MPP) == Privilege.SUPERVISOR << StreamGenerator.MPP_SHIFT;
        int page = value(ours, at);
        return cause(ours, at) == FETCH_PAGE_FAULT
                && (cause(theirs, at) != FETCH_PAGE_FAULT || value(theirs, at) != page)
                && supervisor
                && (status & SUM) != 0
                && isCode(page)
                && isOfUser(page);
    }

    /** Whether the entry of a page of code says that it is U-mode's; streams leave these entries alone. */
    private boolean isOfUser(int address) {
        int root = stream.words()[Stream.ROOTS];
        int index = (address & Stream.PAGE) / Stream.PAGE;
        boolean window = (address & -2 * Stream.PAGE) == Stream.WINDOW;
        boolean superpage = (root & LEAF) != 0;
        int entry = window
                ? superpage ? root : stream.words()[Stream.WINDOW_ENTRIES + index]
                : stream.words()[Stream.PAGES + index];
        return (entry & USER) != 0;
    }

    /** A fetch from the stream's code that PMP forbids, which QEMU asks once for a page. */
    private boolean fetchesByPage(int at) {
        boolean mine = fetchFaults(ours, at);
        return protects && mine != fetchFaults(theirs, at) && isCode(pc(mine ? ours : theirs, at));
    }

    private static boolean fetchFaults(StreamResult result, int at) {
        return result.trap(at, Trap.MCAUSE) == 1 || result.trap(at, Trap.SCAUSE) == 1;
    }

    private static boolean isCode(int pc) {
        int page = pc & -2 * Stream.PAGE;
        return page == Stream.CODE || page == Stream.WINDOW;
    }

    /** Where the stream was at a trap, which may have gone to S-mode first. */
    private static int pc(StreamResult result, int at) {
        return result.trap(at, delegated(result, at) ? Trap.SEPC : Trap.MEPC);
    }

    private static int cause(StreamResult result, int at) {
        return result.trap(at, delegated(result, at) ? Trap.SCAUSE : Trap.MCAUSE);
    }

    private static int value(StreamResult result, int at) {
        return result.trap(at, delegated(result, at) ? Trap.STVAL : Trap.MTVAL);
    }

    private static boolean delegated(StreamResult result, int at) {
        return result.trap(at, Trap.MCAUSE) == CALL_FROM_SUPERVISOR
                && (result.trap(at, Trap.MEPC) & -Stream.PAGE) == Stream.SUPERVISOR_PAGE;
    }
}
