package hartbeat.proof.differential;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes a stream about which two machines differ as small as it can be: each round tries many smaller ones in one batch. */
final class StreamShrinker {
    private static final int NOP = 0x0001;
    private static final int MOST_ROUNDS = 60;
    /** Streams tried at once: those that leave out most come first, and mostly one of them will do. */
    private static final int CHUNK = 64;

    private static final int FIELDS = Stream.INSTRUCTIONS;

    private final StreamBench bench;

    StreamShrinker(StreamBench bench) {
        this.bench = bench;
    }

    /** The stream that does nothing, in M-mode, with everything plain. */
    static Stream empty() {
        int[] words = new int[Stream.WORDS];
        words[Stream.PASSES] = 1;
        words[Stream.START] = Stream.CODE;
        words[Stream.LENGTH] = 1;
        words[Stream.MSTATUS] = StreamGenerator.MPP;
        words[Stream.STIMECMP] = 0x1_0000;
        words[Stream.MTIMECMP] = 0x1_0000;
        words[Stream.STVEC] = Stream.SUPERVISOR_PAGE;
        Arrays.fill(words, Stream.PMPADDR, Stream.X, Stream.DATA >>> 2);
        words[Stream.INSTRUCTIONS] = 0x73;
        return new Stream(0, words);
    }

    /** What is left of a difference; the difference itself if the stream alone does not show it. */
    StreamBench.@Nullable Difference shrink(Stream stream) throws IOException, InterruptedException {
        StreamBench.Difference smallest = first(List.of(stream), "");
        if (smallest == null) {
            return null;
        }
        for (int round = 0; round < MOST_ROUNDS; round++) {
            List<Stream> candidates = smaller(smallest.stream());
            StreamBench.Difference next = candidates.isEmpty() ? null : first(candidates, kind(smallest));
            if (next == null) {
                return smallest;
            }
            smallest = next;
        }
        return smallest;
    }

    /** The first candidate with a difference of a kind, or null; smaller must not mean another. */
    private StreamBench.@Nullable Difference first(List<Stream> candidates, String kind)
            throws IOException, InterruptedException {
        for (int from = 0; from < candidates.size(); from += CHUNK) {
            List<Stream> some = candidates.subList(from, Math.min(from + CHUNK, candidates.size()));
            for (StreamBench.Difference found : bench.compareStreams(some).differences()) {
                if (kind.isEmpty() || kind(found).equals(kind)) {
                    return found;
                }
            }
        }
        return null;
    }

    /** What differs first, without where; without how, too, unless it is a cause: one reason to trap must not become another. */
    private static String kind(StreamBench.Difference difference) {
        String line = difference.differences().getFirst().replaceFirst("^trap \\d+: ", "");
        return line.contains("cause") ? line : line.replaceFirst(":.*", "");
    }

    /** Smaller streams, those that leave out most first. */
    private static List<Stream> smaller(Stream stream) {
        List<Stream> candidates = new ArrayList<>();
        int halves = stream.halves();
        for (int length = Integer.highestOneBit(Math.max(1, halves)); length >= 1; length /= 2) {
            for (int from = 0; from < halves; from += length) {
                add(candidates, stream, without(stream, from, Math.min(halves, from + length)));
                if (length > 1) {
                    // 32-bit instructions may begin at any half word.
                    add(candidates, stream, without(stream, from + 1, Math.min(halves, from + 1 + length)));
                }
            }
        }
        fields(candidates, stream);
        return candidates;
    }

    private static void fields(List<Stream> candidates, Stream stream) {
        int[] plain = empty().words();
        for (int length = 32; length >= 1; length /= 2) {
            for (int from = 1; from + length <= FIELDS; from += length) {
                Stream candidate = stream;
                for (int i = from; i < from + length; i++) {
                    if (i < Stream.START || i > Stream.LENGTH) {
                        candidate = candidate.with(i, plain[i]);
                    }
                }
                add(candidates, stream, candidate);
            }
        }
    }

    private static void add(List<Stream> candidates, Stream stream, Stream candidate) {
        if (!candidate.equals(stream)) {
            candidates.add(candidate);
        }
    }

    private static Stream without(Stream stream, int from, int to) {
        Stream candidate = stream;
        for (int i = from; i < to; i++) {
            candidate = candidate.withHalf(i, NOP);
        }
        return candidate;
    }
}
