package hartbeat.tools;

/** What a command's exit code says (DESIGN 9). */
public final class ExitCode {
    public static final int DONE = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    /** Two machines that must be equal are not. */
    public static final int DIVERGENCE = 3;
    /** Another machine holds a later generation; this one has halted. */
    public static final int FENCED = 4;

    private ExitCode() {}
}
