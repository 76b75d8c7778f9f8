package hartbeat.proof.guest;

import hartbeat.proof.world.Outside;
import hartbeat.proof.world.Workload;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Nothing is asked of the guest: it does its work, prints, and switches itself off. */
final class WatchedWorkload implements Workload {
    private final String last;
    private int seenBytes;
    private boolean done;

    /** @param last how the guest's last line begins, empty if it need not print any */
    WatchedWorkload(String last) {
        this.last = last;
        this.done = last.isEmpty();
    }

    @Override
    public long nextNanos() {
        return Long.MAX_VALUE;
    }

    @Override
    public void step(Outside outside, long nowNanos) {
        if (!done && outside.printedBytes() > seenBytes) {
            seenBytes = outside.printedBytes();
            String text = new String(outside.printed(), StandardCharsets.US_ASCII);
            int at = text.indexOf(last);
            done = at >= 0 && text.indexOf('\n', at) >= 0;
        }
    }

    /** Its last line may be among what was lost. */
    @Override
    public void switchLost() {
        done = true;
    }

    @Override
    public boolean done() {
        return done;
    }

    @Override
    public void finish() {
        // It finishes by itself.
    }

    @Override
    public List<String> violations(Outside outside) {
        String text = new String(outside.printed(), StandardCharsets.US_ASCII);
        return !last.isEmpty() && text.contains("failed")
                ? List.of("the guest has found an error: " + text)
                : List.of();
    }
}
