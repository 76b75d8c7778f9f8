package hartbeat.fuzz;

/** What Jazzer calls, in its own process; the target's name stands in a system property. */
public final class JazzerEntry {
    static final String PROPERTY = "hartbeat.fuzz.target";

    private static final Target TARGET =
            Targets.named(System.getProperty(PROPERTY, "")).orElseThrow();

    private JazzerEntry() {}

    /** Jazzer calls this first. What is loaded and instrumented for the good inputs does not count as the time of one that is tried. */
    public static void fuzzerInitialize() throws Exception {
        for (byte[] good : TARGET.seeds()) {
            TARGET.test(good);
        }
    }

    /** Jazzer finds this method by its name. */
    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        TARGET.test(input);
    }
}
