package hartbeat.proof.differential;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.isa.InstructionTable;
import hartbeat.proof.differential.StreamResult.Trap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is tolerated of QEMU is no wider than its reason: what looks alike and would be a mistake of ours still differs. */
class KnownDifferenceTest {
    private static final Stream PLAIN = StreamShrinker.empty();
    private static final Stream PROTECTED = PLAIN.with(Stream.PMPCFG, 0x1f00);
    private static final int PC = Stream.CODE + 16;
    private static final int LR = InstructionTable.named("lr.w").encode(22, 12, 0, 0);
    private static final int SC = InstructionTable.named("sc.w").encode(28, 12, 13, 0);
    private static final int AMO = InstructionTable.named("amoadd.w").encode(14, 12, 13, 0);
    private static final int LW = InstructionTable.named("lw").encode(14, 12, 0, 0);
    private static final int LB = InstructionTable.named("lb").encode(14, 12, 0, 0);

    @Test
    void anAmoThatFaultsIsAStoreAndLrIsNot() {
        assertThat(differ(PLAIN, trap(15, PC, 0, AMO), trap(13, PC, 0, AMO))).isFalse();
        assertThat(differ(PLAIN, trap(15, PC, 0, LR), trap(13, PC, 0, LR))).isTrue();
    }

    @Test
    void aBreakpointsAddressIsItsOwn() {
        assertThat(differ(PLAIN, trap(3, PC, PC, 0x9002), trap(3, PC, 0, 0x9002)))
                .isFalse();
        assertThat(differ(PLAIN, trap(3, PC, PC + 2, 0x9002), trap(3, PC, 0, 0x9002)))
                .isTrue();
    }

    @Test
    void onlyAMisalignedAccessIsRounded() {
        int nowhere = 0x9000_0003;
        assertThat(differ(PLAIN, trap(5, PC, nowhere, LW), trap(5, PC, nowhere - 3, LW)))
                .isFalse();
        assertThat(differ(PLAIN, trap(5, PC, nowhere, LB), trap(5, PC, nowhere - 3, LB)))
                .isTrue();
    }

    @Test
    void theFirstPortionThatCannotBeTranslatedIsNamed() {
        int first = Stream.DATA + 0xffe;
        int second = Stream.DATA + 0x1000;
        assertThat(differ(PLAIN, trap(5, PC, first, LW), trap(13, PC, second, LW)))
                .isFalse();
        assertThat(differ(PLAIN, trap(13, PC, second, LW), trap(5, PC, first, LW)))
                .isFalse();
        assertThat(differ(PLAIN, trap(13, PC, first, LW), trap(13, PC, second, LW)))
                .isTrue();
        assertThat(differ(PLAIN, trap(13, PC, second, LW), trap(13, PC, first, LW)))
                .isTrue();
    }

    @Test
    void whereNothingIsProtectedFetchesAreCompared() {
        assertThat(differ(PROTECTED, trap(1, PC, PC, LW), trap(8, PC + 8, 0, 0x73)))
                .isFalse();
        assertThat(differ(PLAIN, trap(1, PC, PC, LW), trap(8, PC + 8, 0, 0x73))).isTrue();
        assertThat(differ(PROTECTED, trap(1, 0x40, 0x40, 0), trap(2, 0x40, 0, 0)))
                .isTrue();
    }

    @Test
    void whereNothingIsProtectedPortionsAreAllowed() {
        int across = Stream.DATA + 0xffe;
        Map<Trap, Integer> denied = trap(5, PC, across, LW);
        Map<Trap, Integer> later = trap(8, PC + 4, 0, 0x73);
        assertThat(differ(PROTECTED, later, denied)).isFalse();
        assertThat(differ(PLAIN, later, denied)).isTrue();
    }

    @Test
    void anScBehindItsLrIsCompared() {
        Stream pair = PLAIN.with(Stream.OFFSET, 0)
                .with(Stream.LENGTH, 8)
                .with(Stream.INSTRUCTIONS, 0x13, 0x13, 0x13, LR, SC, 0x13, 0x13, 0x73);
        Map<Trap, Integer> faults = trap(15, PC, Stream.DATA, SC);
        Map<Trap, Integer> goesOn = trap(8, PC + 12, 0, 0x73);
        assertThat(differ(pair, faults, goesOn)).isTrue();
        // Without LR, or with an interrupt behind it, it may have lost its reservation.
        assertThat(differ(pair.with(Stream.INSTRUCTIONS + 3, 0x13), faults, goesOn))
                .isFalse();
        StreamResult mine = result(trap(0x8000_0001, PC, 0, SC), faults);
        assertThat(StreamComparison.of(pair, mine, result(trap(0x8000_0001, PC, 0, SC), goesOn)))
                .isEmpty();
    }

    @Test
    void marksMayDifferWhereAnAmoFaultedOnly() {
        Map<Trap, Integer> interrupted = trap(0x8000_0001, PC, 0, AMO);
        Map<Trap, Integer> faulted = trap(15, PC, Stream.DATA + 4, AMO);
        assertThat(StreamComparison.of(PLAIN, result(faulted), marked(faulted))).isEmpty();
        assertThat(StreamComparison.of(PLAIN, result(interrupted), marked(interrupted)))
                .hasSize(1);
    }

    private static boolean differ(Stream stream, Map<Trap, Integer> ours, Map<Trap, Integer> theirs) {
        return !StreamComparison.of(stream, result(ours), result(theirs)).isEmpty();
    }

    private static Map<Trap, Integer> trap(int cause, int pc, int value, int instruction) {
        return Map.of(Trap.MCAUSE, cause, Trap.MEPC, pc, Trap.MTVAL, value, Trap.INSTRUCTION, instruction);
    }

    private static StreamResult marked(Map<Trap, Integer> trap) {
        int[] words = result(trap).words().clone();
        words[StreamResult.MEMORY] = 1;
        return new StreamResult(words);
    }

    @SafeVarargs
    private static StreamResult result(Map<Trap, Integer>... traps) {
        int[] words = new int[StreamResult.WORDS];
        words[StreamResult.NUMBER] = 1;
        words[StreamResult.TRAPS] = traps.length;
        for (int i = 0; i < traps.length; i++) {
            int at = StreamResult.TRAP + i * StreamResult.TRAP_WORDS;
            traps[i].forEach((field, value) -> words[at + field.ordinal()] = value);
        }
        return new StreamResult(words);
    }
}
