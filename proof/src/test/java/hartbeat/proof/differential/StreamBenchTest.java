package hartbeat.proof.differential;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.isa.InstructionTable;
import hartbeat.proof.differential.StreamBench.Compared;
import hartbeat.proof.differential.StreamBench.Difference;
import hartbeat.proof.differential.host.QemuMachine;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Two machines that agree are said to, and one that is wrong is found. */
class StreamBenchTest {
    private static final int STREAMS = 100;
    private static final Contender BLOCK =
            new Contender(Contender.Kind.BLOCK, hartbeat.emulator.executor.translator.Translator.Options.USUAL);

    /** A machine of ours in the other's place; SUB does what ADD does if it is broken. */
    private static OtherMachine ours(boolean broken) {
        return (_, batch, count) -> {
            try (StreamMachine machine = new StreamMachine(BLOCK)) {
                StreamMachine.Ran ran = machine.run(streams(batch, count, broken));
                ByteBuffer bytes =
                        ByteBuffer.allocate(StreamImage.resultsBytes(count)).order(ByteOrder.LITTLE_ENDIAN);
                for (StreamResult result : ran.results()) {
                    for (int word : result.words()) {
                        bytes.putInt(word);
                    }
                }
                return bytes.array();
            }
        };
    }

    private static List<Stream> streams(byte[] batch, int count, boolean broken) {
        ByteBuffer bytes = ByteBuffer.wrap(batch).order(ByteOrder.LITTLE_ENDIAN);
        boolean locked = bytes.getInt(4) != 0;
        List<Stream> streams = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int[] words = new int[Stream.WORDS];
            bytes.position(batch.length - (count - i) * 4 * Stream.WORDS);
            bytes.asIntBuffer().get(words);
            Stream stream = new Stream(locked ? 1 : 0, words);
            for (int half = 0; broken && half + 1 < stream.halves(); half++) {
                int word = stream.half(half) | stream.half(half + 1) << 16;
                if (InstructionTable.named("sub").matches(word)) {
                    stream = stream.withHalf(half + 1, stream.half(half + 1) & ~0x4000);
                }
            }
            streams.add(stream);
        }
        return streams;
    }

    private static List<Long> seeds(long first) {
        return LongStream.range(0, STREAMS).mapToObj(i -> first + 2 * i).toList();
    }

    @Test
    void machinesOfOursAgree() throws Exception {
        try (StreamBench bench = new StreamBench(Contender.REFERENCE, ours(false), ours(false))) {
            Compared compared = bench.compare(seeds(1));
            assertThat(compared.differences()).isEmpty();
            assertThat(compared.compared()).isGreaterThan(STREAMS * 8 / 10);
            assertThat(compared.instructions()).isGreaterThan(10 * STREAMS);
        }
    }

    @Test
    void aWrongInstructionIsFoundAndMadeSmall() throws Exception {
        try (StreamBench bench = new StreamBench(Contender.REFERENCE, ours(true), ours(true))) {
            Compared compared = bench.compare(seeds(2));
            assertThat(compared.differences()).isNotEmpty();
            Difference small = bench.shrink(compared.differences().getFirst().stream());
            assertThat(small).isNotNull();
            List<String> code = StreamBench.lines(small).stream()
                    .filter(line -> line.startsWith("  8000") || line.startsWith("  c000"))
                    .toList();
            assertThat(code).anyMatch(line -> line.contains("  sub ")).hasSizeLessThan(8);
        }
    }

    @Test
    void whatTheExactFormAgreesWithDoesNotDiffer() throws Exception {
        try (StreamBench bench = new StreamBench(Contender.REFERENCE, ours(true), ours(false))) {
            assertThat(bench.compare(seeds(2)).differences()).isEmpty();
        }
    }

    @Test
    void whatComesOfTheStreamsBeforeIsNotHidden() throws Exception {
        // How many streams ended before is in the harness's memory, where one of M-mode can look.
        int[] code = {
            InstructionTable.named("lui").encode(12, 0, 0, 0x8002_0000),
            InstructionTable.named("lw").encode(13, 12, 0, 8),
            InstructionTable.named("sub").encode(14, 0, 13, 0),
            InstructionTable.named("ecall").match()
        };
        Stream counts = StreamShrinker.empty().withSeed(2).with(Stream.LENGTH, code.length);
        List<Stream> streams =
                List.of(StreamShrinker.empty().withSeed(4), counts.with(Stream.INSTRUCTIONS, code), counts.withSeed(6));
        OtherMachine wrongAfterOthers =
                (harness, batch, count) -> ours(count > streams.size()).run(harness, batch, count);
        try (StreamBench bench = new StreamBench(Contender.REFERENCE, ours(true), wrongAfterOthers)) {
            assertThat(bench.compareStreams(streams).differences()).hasSize(1);
        }
    }

    @Test
    void qemuAgrees() throws Exception {
        if (QemuMachine.version().isEmpty()) {
            System.err.println("StreamBenchTest: NOT CHECKED that QEMU does the same, for lack of it;"
                    + " hint: apt-get install qemu-system-misc");
            return;
        }
        try (StreamBench bench = new StreamBench(BLOCK, new QemuMachine(false), new QemuMachine(true))) {
            for (long first = 0; first < 2; first++) {
                assertThat(bench.compare(seeds(first)).differences())
                        .as("repeat with ./hartbeat differ --seed %d --runs %d", first, 2 * STREAMS)
                        .extracting(difference -> StreamBench.lines(difference))
                        .isEmpty();
            }
        }
    }

    @Test
    void executorsAgree() {
        for (long seed = 1; seed <= 3; seed++) {
            ExecutorLockstep.Outcome outcome = ExecutorLockstep.of(seed, () -> false);
            assertThat(outcome.difference()).as(ExecutorLockstep.command(seed)).isNull();
            assertThat(outcome.instructions()).isGreaterThan(100_000);
        }
    }
}
