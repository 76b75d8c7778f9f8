package hartbeat.fuzz;

import hartbeat.fuzz.readers.ConfigurationTarget;
import hartbeat.fuzz.readers.DescriptionTarget;
import hartbeat.fuzz.readers.EndpointTarget;
import hartbeat.fuzz.readers.HandshakeTarget;
import hartbeat.fuzz.readers.HeartbeatTarget;
import hartbeat.fuzz.readers.ImageTarget;
import hartbeat.fuzz.readers.LinkTarget;
import hartbeat.fuzz.readers.LogTarget;
import hartbeat.fuzz.readers.OptionTarget;
import hartbeat.fuzz.readers.ScreenTarget;
import hartbeat.fuzz.readers.StampTarget;
import hartbeat.fuzz.readers.StateTarget;
import hartbeat.fuzz.readers.SwitchTarget;
import hartbeat.tools.UserLog;
import java.util.List;
import java.util.Optional;

/** All targets. */
public final class Targets {
    private static final List<Target> ALL = List.of(
            new LogTarget(),
            new HandshakeTarget(),
            new HeartbeatTarget(),
            new LinkTarget(),
            new SwitchTarget(),
            new EndpointTarget(),
            new ImageTarget(),
            new ConfigurationTarget(),
            new StateTarget(),
            new StampTarget(),
            new OptionTarget(),
            new DescriptionTarget(),
            new ScreenTarget());

    static {
        // What the product tells people about bad input would be a million lines.
        UserLog.quiet("hartbeat");
    }

    private Targets() {}

    public static List<Target> all() {
        return ALL;
    }

    public static Optional<Target> named(String name) {
        return ALL.stream().filter(target -> target.name().equals(name)).findFirst();
    }
}
