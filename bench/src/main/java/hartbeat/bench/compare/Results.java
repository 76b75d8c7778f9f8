package hartbeat.bench.compare;

import hartbeat.bench.compare.Comparison.Failure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * All samples of a comparison and what follows from them.
 *
 * @param seconds that all of it took
 */
record Results(
        List<Subject> subjects,
        List<Mode> modes,
        List<Sample> samples,
        List<Failure> failures,
        int rounds,
        double seconds) {
    /** Kind of a row that is a class of cost. */
    static final String CLASS = "class";

    Results {
        subjects = List.copyOf(subjects);
        modes = List.copyOf(modes);
        samples = List.copyOf(samples);
        failures = List.copyOf(failures);
    }

    /**
     * A workload in a mode: medians over the rounds, NaN where there is none.
     *
     * @param wholeSeconds from start to end, see {@code docs/bench.md}
     * @param steadyLapsPerSecond over the second half of the laps
     * @param steadyMips the same in instructions as our machine counts them
     * @param cpuSeconds of all processes of the run; for a workload among others in one run, NaN
     * @param peakBytes as {@code cpuSeconds}
     * @param wholes of each round
     * @param steadies of each round
     */
    record Cell(
            double wholeSeconds,
            double wholeMips,
            double steadyLapsPerSecond,
            double steadyMips,
            double cpuSeconds,
            double peakBytes,
            List<Double> wholes,
            List<Double> steadies) {
        Cell {
            wholes = List.copyOf(wholes);
            steadies = List.copyOf(steadies);
        }
    }

    /**
     * A workload and its cells.
     *
     * @param name key of the workload
     * @param kind {@code bare}, {@code class} or {@code linux}
     * @param instructions from its first to its last lap as our machine counts them, 0 if unknown
     */
    record Row(String name, String kind, int laps, long instructions, Map<Mode, Cell> cells) {
        Row {
            cells = Map.copyOf(cells);
        }

        /** Steady speed in one mode over that in another; NaN if one is missing. */
        double steady(Mode mode, Mode than) {
            return value(mode, Cell::steadyLapsPerSecond) / value(than, Cell::steadyLapsPerSecond);
        }

        /** Cost of an event of this class of cost, in nanoseconds. */
        double eventNanos(Mode mode) {
            return 1e9 / (value(mode, Cell::steadyLapsPerSecond) * Workloads.eventsPerLap(name));
        }

        /** Speed of the whole in one mode over that in another; NaN if one is missing. */
        double whole(Mode mode, Mode than) {
            return value(than, Cell::wholeSeconds) / value(mode, Cell::wholeSeconds);
        }

        double value(Mode mode, ToDoubleFunction<Cell> figure) {
            Cell cell = cells.get(mode);
            return cell == null ? Double.NaN : figure.applyAsDouble(cell);
        }
    }

    /** Workloads in the order in which they run. */
    List<Row> rows() {
        List<Row> rows = new ArrayList<>();
        for (Subject subject : subjects) {
            Map<String, List<Part>> parts = new LinkedHashMap<>();
            for (Sample sample : samples) {
                if (sample.subject().equals(subject)) {
                    parts(sample)
                            .forEach(part -> parts.computeIfAbsent(part.key(), _ -> new ArrayList<>())
                                    .add(part));
                }
            }
            parts.forEach((key, list) -> rows.add(row(subject, key, list)));
        }
        return rows;
    }

    /** A sample's share of one workload. A subject that is one workload gets its whole run. */
    private record Part(
            String key, Mode mode, double whole, double steady, double cpu, double peak, int laps, long instructions) {}

    private static List<Part> parts(Sample sample) {
        if (sample.subject() instanceof Subject.Bare bare) {
            Trace trace = sample.traces().isEmpty() ? null : sample.traces().getLast();
            return List.of(new Part(
                    bare.name(),
                    sample.mode(),
                    sample.wallSeconds(),
                    trace == null ? Double.NaN : trace.steadyLapsPerSecond(),
                    sample.cpuSeconds(),
                    sample.peakBytes(),
                    trace == null ? 0 : trace.laps(),
                    trace == null ? 0 : trace.instructions()));
        }
        List<Part> parts = new ArrayList<>();
        for (Trace trace : sample.traces()) {
            parts.add(new Part(
                    sample.subject().key(trace.workload()),
                    sample.mode(),
                    trace.seconds(),
                    trace.steadyLapsPerSecond(),
                    Double.NaN,
                    Double.NaN,
                    trace.laps(),
                    trace.instructions()));
        }
        return parts;
    }

    private Row row(Subject subject, String key, List<Part> parts) {
        // Where nothing counts exactly there is no figure in instructions.
        Part counted = parts.stream()
                .filter(part -> part.mode().ours())
                .min(Comparator.comparing(Part::mode))
                .orElse(null);
        long instructions = counted == null ? 0 : counted.instructions();
        int laps = parts.getFirst().laps();
        Map<Mode, Cell> cells = new LinkedHashMap<>();
        for (Mode mode : modes) {
            List<Part> of = parts.stream().filter(part -> part.mode() == mode).toList();
            if (!of.isEmpty()) {
                cells.put(mode, cell(of, instructions, laps));
            }
        }
        return new Row(key, kind(subject), laps, instructions, cells);
    }

    private static String kind(Subject subject) {
        return switch (subject) {
            case Subject.Bare bare -> bare.isClass() ? CLASS : "bare";
            case Subject.Linux _ -> "linux";
        };
    }

    private static Cell cell(List<Part> parts, long instructions, int laps) {
        List<Double> wholes = parts.stream().map(Part::whole).toList();
        List<Double> steadies = parts.stream().map(Part::steady).toList();
        double whole = Statistics.median(wholes);
        double steady = Statistics.median(steadies);
        double millions = instructions == 0 ? Double.NaN : instructions / 1e6;
        return new Cell(
                whole,
                millions / whole,
                steady,
                laps == 0 ? Double.NaN : millions / laps * steady,
                Statistics.median(parts.stream().map(Part::cpu).toList()),
                Statistics.median(parts.stream().map(Part::peak).toList()),
                wholes,
                steadies);
    }
}
