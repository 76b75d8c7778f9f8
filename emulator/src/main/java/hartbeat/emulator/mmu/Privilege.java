package hartbeat.emulator.mmu;

/** Privilege modes as the specification encodes them (Priv. table 1); plain numbers, as they are on hot paths. */
public final class Privilege {
    public static final int USER = 0;
    public static final int SUPERVISOR = 1;
    public static final int MACHINE = 3;

    private Privilege() {}
}
