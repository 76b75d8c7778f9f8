package hartbeat.proof.check;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.machine.Machine;
import hartbeat.emulator.machine.Stop;
import hartbeat.proof.world.Machines;
import hartbeat.proof.world.Probe;
import java.util.ArrayList;
import java.util.List;

/** Replays a history on a plain machine, without anything of fault tolerance, and compares what it makes. */
final class Reference {
    /** No first primary: where executors are mixed, the history is replayed by another one than made it. */
    private static final int REFERENCE = 1;

    private Reference() {}

    /** @param endIcount where the history ends */
    static List<String> violations(Machines machines, Probe history, long endIcount) {
        Machine machine = machines.take(REFERENCE);
        try {
            return replay(machine, history, endIcount);
        } finally {
            machines.give(machine);
        }
    }

    private static List<String> replay(Machine machine, Probe history, long endIcount) {
        List<Emission> made = new ArrayList<>();
        for (Probe.Applied applied : history.inputs()) {
            if (!run(machine, applied.icount(), made)) {
                return List.of("reference: the machine stops at icount %d, before an input at %d"
                        .formatted(machine.icount(), applied.icount()));
            }
            machine.apply(applied.input());
            drain(machine, made);
        }
        run(machine, endIcount, made);
        List<Emission> recorded = history.emissions();
        for (int i = 0; i < Math.max(made.size(), recorded.size()); i++) {
            if (i >= made.size() || i >= recorded.size() || !Same.emissions(made.get(i), recorded.get(i))) {
                return List.of("reference: output %d: a single machine makes %s, the surviving one has made %s"
                        .formatted(
                                i + 1,
                                i < made.size() ? made.get(i) : "none",
                                i < recorded.size() ? recorded.get(i) : "none"));
            }
        }
        return List.of();
    }

    private static boolean run(Machine machine, long icount, List<Emission> made) {
        while (machine.icount() < icount) {
            Stop stop = machine.runUntil(icount);
            drain(machine, made);
            if (stop == Stop.IDLE || stop == Stop.OFF) {
                break;
            }
        }
        return machine.icount() == icount;
    }

    private static void drain(Machine machine, List<Emission> made) {
        for (Emission emission = machine.pollOutput(); emission != null; emission = machine.pollOutput()) {
            made.add(emission);
        }
    }
}
