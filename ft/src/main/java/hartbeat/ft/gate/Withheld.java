package hartbeat.ft.gate;

import hartbeat.emulator.io.Emission;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** A backup's external outputs: forgotten when the primary says that they are out, the doubtful ones sent at promotion. */
public final class Withheld {
    private final Deque<Emission> held = new ArrayDeque<>();
    private long releasedNumber;

    public void hold(Emission emission) {
        if (emission.number() > releasedNumber) {
            held.add(emission);
        }
    }

    /** Everything up to this number is out. It may come before the machine here has made them. */
    public void released(long number) {
        releasedNumber = Math.max(releasedNumber, number);
        while (!held.isEmpty() && held.getFirst().number() <= releasedNumber) {
            held.removeFirst();
        }
    }

    public int heldCount() {
        return held.size();
    }

    /** Takes what is not known to be out, in order. */
    public List<Emission> takeDoubtful() {
        List<Emission> doubtful = new ArrayList<>(held);
        held.clear();
        return doubtful;
    }
}
