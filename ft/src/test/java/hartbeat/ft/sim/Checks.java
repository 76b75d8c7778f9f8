package hartbeat.ft.sim;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Output;
import hartbeat.ft.role.Backup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What must hold of a run, whatever befell it. A list of violations rather than assertions, so that a breach can be shown to be found. */
public final class Checks {
    private Checks() {}

    /** All violations; empty for a good run. */
    public static List<String> violations(Pair pair) {
        List<String> found = new ArrayList<>();
        oneEmitterPerGeneration(pair, found);
        answersOnce(pair, found);
        oneHistory(pair, found);
        return found;
    }

    /** Two that emit in one generation are two machines in the world. */
    private static void oneEmitterPerGeneration(Pair pair, List<String> found) {
        Map<Long, String> senders = new TreeMap<>();
        List<SimLan.Seen> all = new ArrayList<>(pair.lan.seen());
        all.addAll(pair.lan.refused());
        for (SimLan.Seen item : all) {
            String first = senders.putIfAbsent(item.generation(), item.sender());
            if (first != null && !first.equals(item.sender())) {
                found.add("generation %d: %s and %s both emit".formatted(item.generation(), first, item.sender()));
                return;
            }
        }
        boolean primaryLives = pair.primary.outcome() == null && pair.primaryHost.isUp() && !isFollowed(pair);
        boolean backupLives = pair.backup.live() != null && pair.backup.outcome() == null && pair.backupHost.isUp();
        if (primaryLives && backupLives) {
            found.add("both sides are live");
        }
    }

    private static boolean isFollowed(Pair pair) {
        Backup backup = pair.backup;
        return backup.live() == null && backup.outcome() == null;
    }

    private static void answersOnce(Pair pair, List<String> found) {
        for (long request = 1; request <= pair.lan.requests(); request++) {
            int times = pair.lan.answers().getOrDefault(request, 0);
            if (times != 1) {
                found.add("request %d was answered %d times".formatted(request, times));
            }
        }
    }

    /** What came out is what the surviving machine has made: nothing else, nothing left out. */
    private static void oneHistory(Pair pair, List<String> found) {
        boolean backupSurvives = pair.backup.live() != null && pair.backup.outcome() == null;
        TreeMap<Long, Emission> history = (backupSurvives ? pair.backupGuest : pair.primaryGuest).history();
        long last = 0;
        for (SimLan.Seen item : pair.lan.seen()) {
            Emission made = history.get(item.emission().number());
            if (made == null
                    || made.icount() != item.emission().icount()
                    || !same(made.output(), item.emission().output())) {
                found.add("output %d at icount %d left %s, but the surviving machine has made %s"
                        .formatted(item.emission().number(), item.emission().icount(), item.sender(), made));
                return;
            }
            for (Emission between :
                    history.subMap(last, false, item.emission().number(), false).values()) {
                if (isPublic(between.output())) {
                    found.add("output %d at icount %d was made and never left"
                            .formatted(between.number(), between.icount()));
                    return;
                }
            }
            last = item.emission().number();
        }
    }

    private static boolean isPublic(Output output) {
        return output instanceof Output.ConsoleOutput || output instanceof Output.FrameSent;
    }

    private static boolean same(Output one, Output other) {
        return switch (one) {
            case Output.ConsoleOutput console ->
                other instanceof Output.ConsoleOutput that && java.util.Arrays.equals(console.bytes(), that.bytes());
            case Output.FrameSent frame ->
                other instanceof Output.FrameSent that && java.util.Arrays.equals(frame.frame(), that.frame());
            case Output.DiskRequest _, Output.EntropyRequest _, Output.PowerOff _, Output.Reset _ -> one.equals(other);
        };
    }
}
