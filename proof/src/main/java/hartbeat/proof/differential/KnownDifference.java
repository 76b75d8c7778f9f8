package hartbeat.proof.differential;

import hartbeat.proof.differential.StreamResult.Trap;
import java.util.ArrayList;
import java.util.List;

/**
 * A difference to QEMU 7.2 that is no mistake of ours, seen at one trap: all there are, with the section that
 * allows ours: by its title, as numbers change from edition to edition.
 */
enum KnownDifference {
    AMO_FAULT_IS_A_STORE(
            "QEMU reports the load of an AMO or SC that faults; ours reports the store (Machine Cause Register)") {
        @Override
        boolean explains(Trap field, StreamResult ours, StreamResult theirs, int at) {
            // What S-mode was told may still stand there if its handler could not run.
            boolean supervisor = field == Trap.SCAUSE;
            int instruction = ours.trap(at, supervisor ? Trap.SUPERVISOR_INSTRUCTION : Trap.INSTRUCTION);
            return (supervisor || field == Trap.MCAUSE)
                    && isAtomic(instruction)
                    && (instruction & FUNCT5) != LOAD_RESERVED
                    && List.of(4, 5, 13).contains(theirs.trap(at, field))
                    && List.of(6, 7, 15).contains(ours.trap(at, field));
        }
    },
    BREAKPOINT_HAS_NO_ADDRESS(
            "QEMU writes 0 to xtval at EBREAK; ours its address (Machine Trap Value Register allows both)") {
        @Override
        boolean explains(Trap field, StreamResult ours, StreamResult theirs, int at) {
            boolean machine = field == Trap.MTVAL
                    && ours.trap(at, Trap.MCAUSE) == 3
                    && ours.trap(at, field) == ours.trap(at, Trap.MEPC);
            boolean supervisor = field == Trap.STVAL
                    && ours.trap(at, Trap.SCAUSE) == 3
                    && ours.trap(at, field) == ours.trap(at, Trap.SEPC);
            return (machine || supervisor) && theirs.trap(at, field) == 0;
        }
    },
    MISALIGNED_ACCESS_FAULT_IS_ROUNDED(
            "QEMU splits a misaligned access to no memory into aligned ones and names the first of them, which lies outside the"
                    + " access; ours names the access (Machine Trap Value Register)") {
        @Override
        boolean explains(Trap field, StreamResult ours, StreamResult theirs, int at) {
            boolean machine = field == Trap.MTVAL && isAccessFault(ours.trap(at, Trap.MCAUSE));
            boolean supervisor = field == Trap.STVAL && isAccessFault(ours.trap(at, Trap.SCAUSE));
            int mine = ours.trap(at, field);
            int other = theirs.trap(at, field);
            return (machine || supervisor)
                    && (mine & width(ours.trap(at, machine ? Trap.INSTRUCTION : Trap.SUPERVISOR_INSTRUCTION)) - 1) != 0
                    && ((mine & -4) == other || (mine & -2) == other);
        }
    },
    OTHER_PORTION_IS_NAMED(
            "a misaligned access across pages: QEMU names the other portion, with the fault of that, or the whole of which PMP allows a"
                    + " portion only (Machine Trap Value Register; PMP, Priority and Matching Logic, leaves open how it is split)") {
        @Override
        boolean explains(Trap field, StreamResult ours, StreamResult theirs, int at) {
            boolean machine = field == Trap.MTVAL || field == Trap.MCAUSE;
            boolean supervisor = field == Trap.STVAL || field == Trap.SCAUSE;
            return machine && names(Trap.MCAUSE, Trap.MTVAL, ours, theirs, at)
                    || supervisor && names(Trap.SCAUSE, Trap.STVAL, ours, theirs, at);
        }

        private static boolean names(Trap cause, Trap value, StreamResult ours, StreamResult theirs, int at) {
            int why = ours.trap(at, cause);
            int otherwise = theirs.trap(at, cause);
            boolean alike = isFault(why) && isFault(otherwise) && isStore(why) == isStore(otherwise);
            int mine = ours.trap(at, value);
            int other = theirs.trap(at, value);
            // Both translate the first portion first: whoever names the second has found no page fault in the first.
            boolean second = crossesPage(mine)
                    && other == (mine | 0xfff) + 1
                    && (isAccessFault(why) || PartedWays.hasRightsOfFetch(ours, at));
            boolean first = crossesPage(other) && mine == (other | 0xfff) + 1 && isAccessFault(otherwise);
            return alike && (first || second);
        }
    },
    MPRV_FALLS_ON_RETURN("QEMU leaves mstatus.MPRV set when xRET goes below M; ours clears it (Memory Privilege in"
            + " mstatus Register)") {
        @Override
        boolean explains(Trap field, StreamResult ours, StreamResult theirs, int at) {
            return field == Trap.MSTATUS
                    && (ours.trap(at, field) ^ theirs.trap(at, field)) == MPRV
                    && (theirs.trap(at, field) & MPRV) != 0
                    && (ours.trap(at, field) & StreamGenerator.MPP) != StreamGenerator.MPP;
        }
    };

    static final int MPRV = 1 << 17;
    private static final int FUNCT5 = 0xf800_0000;
    private static final int LOAD_RESERVED = 0x1000_0000;

    private final String reason;

    KnownDifference(String reason) {
        this.reason = reason;
    }

    /** What differs, and what allows it. */
    String reason() {
        return reason;
    }

    /**
     * Whether memory differs in accessed and dirty bits only, and there was an AMO of which QEMU did the load and not the store, or a
     * misaligned access across pages that failed with one portion, where the other may have left its mark or not.
     */
    static boolean explainsMarks(StreamResult ours, StreamResult theirs) {
        boolean faulted = false;
        for (int at = 0; at < ours.traps(); at++) {
            boolean atomic =
                    (isAtomic(ours.trap(at, Trap.INSTRUCTION)) || isAtomic(ours.trap(at, Trap.SUPERVISOR_INSTRUCTION)))
                            && (fails(ours, at) || fails(theirs, at));
            faulted |= atomic || failsWithPortion(ours, at) || failsWithPortion(theirs, at);
        }
        int index = StreamResult.WITHOUT_MARKS;
        return faulted && ours.words()[index] == theirs.words()[index];
    }

    /** A misaligned access may be split, and have done a part when it fails (PMP, Priority and Matching Logic). */
    private static boolean failsWithPortion(StreamResult result, int at) {
        return isFault(result.trap(at, Trap.MCAUSE)) && isPortion(result.trap(at, Trap.MTVAL))
                || isFault(result.trap(at, Trap.SCAUSE)) && isPortion(result.trap(at, Trap.STVAL));
    }

    /** Whether a fault at this address can be that of either portion of an access across pages. */
    private static boolean isPortion(int address) {
        return crossesPage(address) || (address & 0xfff) == 0;
    }

    /** Whether a load or store was not allowed. */
    private static boolean fails(StreamResult result, int at) {
        return isFault(result.trap(at, Trap.MCAUSE)) || isFault(result.trap(at, Trap.SCAUSE));
    }

    /** LR, SC or an AMO. */
    private static boolean isAtomic(int instruction) {
        return (instruction & 0x7f) == 0x2f;
    }

    /** Bytes that a load or store is about; those of 16 bits are about words. */
    private static int width(int instruction) {
        return (instruction & 3) == 3 ? 1 << (instruction >>> 12 & 3) : 4;
    }

    /** Whether a misaligned access at this address can cross pages. */
    static boolean crossesPage(int address) {
        return (address & 0xfff) > 0xffc;
    }

    static boolean isFault(int cause) {
        return isAccessFault(cause) || cause == 13 || cause == 15;
    }

    /** Of two faults: causes of stores have this bit, those of loads have not. */
    private static boolean isStore(int fault) {
        return (fault & 2) != 0;
    }

    static boolean isAccessFault(int cause) {
        return cause == 5 || cause == 7;
    }

    /** Whether this accounts for what a field holds at trap number {@code at} of both. */
    abstract boolean explains(Trap field, StreamResult ours, StreamResult theirs, int at);

    /** What the streams do not do, as QEMU 7.2 does something else there; a conformance program of ours holds each rule. */
    static final List<String> NOT_TRIED = List.of(
            "an AMO that faults: QEMU's load has set the accessed bit, or failed before the store could set the dirty bit;"
                    + " ours is one store (Atomic Memory Operations; Virtual Address Translation Process)",
            "PMP that ends within a page of code, which QEMU asks once for all its instructions (PMP, Priority and Matching Logic)",
            "a load or store by MPRV in a page that M-mode runs in: QEMU's fetch has let M-mode's own rights into the TLB (Memory Privilege in"
                    + " mstatus Register)",
            "a fetch of S-mode from a page of U-mode that it has read or written by SUM: QEMU's TLB has its right to be executed from then on"
                    + " (Sv32, Addressing and Memory Protection: never executed by S-mode, whatever SUM is)",
            "a misaligned store across pages to memory first and to none behind it, of which QEMU does the first portion (Load and"
                    + " Store Instructions: a misaligned access may be split)",
            "PMP that keeps page tables from being written, which QEMU does not ask for accessed and dirty bits (Virtual Address"
                    + " Translation Process)",
            "MRET to M-mode with MPRV, of which QEMU's TLB learns nothing (Memory Privilege in mstatus Register)",
            "what comes after a misaligned access across pages of which PMP allows each portion but not the whole, which QEMU asks for"
                    + " (PMP, Priority and Matching Logic, allows both)",
            "a TOR range whose bottom moves, until its configuration is written: QEMU goes on with the old bottom (PMP, Address Matching)",
            "an empty TOR range that ends at 0: QEMU takes it for all of memory (PMP, Address Matching)",
            "an SC without a reservation where a store would fault: QEMU fails it without a fault, ours faults (Load-Reserved/Store-"
                    + "Conditional Instructions: a failed SC may be treated like a store)",
            "medeleg that tells load faults from store faults, as QEMU takes those of AMOs for loads (Machine Cause Register)",
            "two enabled interrupts of which QEMU takes the one of lower number first, ours by priority (Machine Interrupt Registers)",
            "vstimecmp and vstimecmph, which QEMU lets M-mode read though there is no H (CSR Address Mapping Conventions)",
            "counters and the clock are read into x0 only: the machines do not count alike (Hardware Performance Monitor)");

    /** All of it as lines of text. */
    static List<String> lines() {
        List<String> lines = new ArrayList<>();
        for (KnownDifference known : values()) {
            lines.add(known.reason);
        }
        lines.addAll(NOT_TRIED);
        return lines;
    }
}
