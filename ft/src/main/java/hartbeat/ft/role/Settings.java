package hartbeat.ft.role;

import hartbeat.ft.detector.Timeouts;
import hartbeat.ft.gate.OutputRule;
import hartbeat.ft.run.DiskMode;
import java.util.function.Consumer;

/**
 * What a role is told about itself.
 *
 * @param claimant name of this process at the arbiter, unique for it, such as {@code host:pid:start}
 * @param outputRule {@link OutputRule#APPENDED_AFTER}; tests break it
 * @param notices is given one line for the user at each turn of events
 */
public record Settings(
        String claimant, DiskMode disk, Timeouts timeouts, OutputRule outputRule, Consumer<String> notices) {

    public Settings(String claimant, DiskMode disk, Timeouts timeouts, Consumer<String> notices) {
        this(claimant, disk, timeouts, OutputRule.APPENDED_AFTER, notices);
    }
}
