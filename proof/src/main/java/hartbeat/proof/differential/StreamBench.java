package hartbeat.proof.differential;

import hartbeat.proof.fault.Seeded;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs the same streams on our machine and on another one; what differs, once more on an exact form of the other one. */
public final class StreamBench implements AutoCloseable {
    private static final Stream EMPTY = StreamShrinker.empty();

    private final StreamMachine ours;
    private final OtherMachine quick;
    private final OtherMachine exact;

    /**
     * A stream that the machines do not agree about.
     *
     * @param differences a line for each, the earliest first
     */
    public record Difference(Stream stream, List<String> differences) {}

    /**
     * What a batch gave.
     *
     * @param instructions that the streams retired on our machine, without what the harness needs
     * @param compared streams that ended; the others loop or wait for ever
     */
    public record Compared(long instructions, int compared, int leftOut, List<Difference> differences) {}

    StreamBench(Contender contender, OtherMachine quick, OtherMachine exact) {
        ours = new StreamMachine(contender);
        this.quick = quick;
        this.exact = exact;
    }

    /**
     * A bench whose own executor is drawn from a seed.
     *
     * @param quick the other machine, which may remember code that has changed until it is told
     * @param exact the same, remembering nothing: what agrees with neither differs
     */
    public static StreamBench of(long seed, OtherMachine quick, OtherMachine exact) {
        return new StreamBench(Contender.any(Seeded.of(seed, "bench")), quick, exact);
    }

    /** Compares the streams of seeds that are all even or all odd. */
    public Compared compare(List<Long> seeds) throws IOException, InterruptedException {
        return compareStreams(seeds.stream().map(StreamGenerator::of).toList());
    }

    /** The smallest stream that shows a difference, or null if the stream alone shows none. */
    public @Nullable Difference shrink(Stream stream) throws IOException, InterruptedException {
        return new StreamShrinker(this).shrink(stream);
    }

    /** A stream and what differs, as text. */
    public static List<String> lines(Difference difference) {
        List<String> lines = new ArrayList<>(StreamText.of(difference.stream()));
        difference.differences().forEach(line -> lines.add("    " + line));
        return lines;
    }

    /** The differences that are tolerated, and what is not tried, each with its reason. */
    public static List<String> known() {
        return KnownDifference.lines();
    }

    /** Compares streams that are all {@link Stream#locked} or all not. */
    Compared compareStreams(List<Stream> streams) throws IOException, InterruptedException {
        Batch quickly = run(streams, quick);
        List<Stream> doubtful = quickly.differing();
        if (doubtful.isEmpty()) {
            return quickly.compared;
        }
        Batch exactly = run(doubtful, exact);
        List<Difference> differences = exactly.compared.differences;
        if (!exactly.mine.equals(quickly.of(doubtful))) {
            // Ours does something else once what was before is left out. That must not hide what differs.
            differences = run(streams, exact).compared.differences.stream()
                    .filter(difference -> doubtful.contains(difference.stream))
                    .toList();
        }
        return new Compared(
                quickly.compared.instructions, quickly.compared.compared, quickly.compared.leftOut, differences);
    }

    /** What a batch gave, and what became of each stream that was not left out on our machine. */
    private record Batch(Compared compared, Map<Stream, StreamResult> mine) {
        List<Stream> differing() {
            return compared.differences.stream().map(Difference::stream).toList();
        }

        Map<Stream, StreamResult> of(List<Stream> streams) {
            Map<Stream, StreamResult> some = new LinkedHashMap<>(mine);
            some.keySet().retainAll(streams);
            return some;
        }
    }

    private Batch run(List<Stream> streams, OtherMachine other) throws IOException, InterruptedException {
        // The first does nothing, which tells how many instructions of a stream are the harness's.
        List<Stream> all =
                new ArrayList<>(List.of(EMPTY.withSeed(streams.getFirst().seed())));
        all.addAll(streams);
        StreamMachine.Ran ran = ours.run(all);
        List<StreamResult> theirs = StreamImage.results(
                other.run(StreamImage.harness(), StreamImage.batch(all, ran.excluded()), all.size()));
        int overhead = ran.results().getFirst().words()[StreamResult.RETIRED];
        List<Difference> differences = new ArrayList<>();
        Map<Stream, StreamResult> mine = new LinkedHashMap<>();
        long instructions = 0;
        int compared = 0;
        for (int i = 1; i < all.size(); i++) {
            if (!ran.excluded().get(i)) {
                StreamResult result = ran.results().get(i);
                compared++;
                mine.put(all.get(i), result.anywhere());
                instructions += Math.max(0, result.words()[StreamResult.RETIRED] - (long) overhead * result.traps());
                List<String> found = StreamComparison.of(all.get(i), result, theirs.get(i));
                if (!found.isEmpty()) {
                    differences.add(new Difference(all.get(i), found));
                }
            }
        }
        return new Batch(new Compared(instructions, compared, streams.size() - compared, differences), mine);
    }

    @Override
    public void close() {
        ours.close();
    }
}
