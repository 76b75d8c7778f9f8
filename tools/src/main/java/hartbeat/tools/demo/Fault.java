package hartbeat.tools.demo;

import hartbeat.tools.UserError;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is done to the pair. */
public enum Fault {
    /** SIGKILL to the primary: the backup has to go on. */
    KILL("primary killed"),
    /** SIGKILL to the backup: the primary has to go on alone. */
    BACKUP("backup killed"),
    /** SIGSTOP to the primary until the backup has taken over, then SIGCONT: it has to fence itself. */
    FREEZE("primary frozen, then woken"),
    /** The link between the two is cut while both live: exactly one has to go on. */
    CUT("link cut");

    private final String title;

    Fault(String title) {
        this.title = title;
    }

    /** As the report calls it. */
    public String title() {
        return title;
    }

    /** Reads an option's value. */
    public static Fault parse(String text) {
        return Arrays.stream(values())
                .filter(fault -> fault.name().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> UserError.usage("--only: unknown story '" + text + "'", "known: " + names()));
    }

    private static String names() {
        return Arrays.stream(values())
                .map(fault -> fault.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", "));
    }
}
