package hartbeat.proof.attack;

/** A device, or the machine, did what it must not do. */
public final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Violation(String what) {
        super(what);
    }

    public Violation(String what, Throwable cause) {
        super(what, cause);
    }

    /** What tells this kind of violation from others, without addresses and numbers. */
    String kind() {
        Throwable cause = getCause();
        return cause == null
                ? String.valueOf(getMessage()).replaceAll("0x[0-9a-f]+|[0-9]+", "#")
                : cause.getClass().getName();
    }
}
