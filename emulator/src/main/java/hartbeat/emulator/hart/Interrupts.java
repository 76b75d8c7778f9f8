package hartbeat.emulator.hart;

/** Bits of {@code mip} and {@code mie} (Priv. 3.1.9). */
final class Interrupts {
    static final int SSIP = 1 << 1;
    static final int MSIP = 1 << 3;
    static final int STIP = 1 << 5;
    static final int MTIP = 1 << 7;
    static final int SEIP = 1 << 9;
    static final int MEIP = 1 << 11;

    static final int SUPERVISOR = SSIP | STIP | SEIP;
    static final int ALL = SUPERVISOR | MSIP | MTIP | MEIP;

    /** Highest first: MEI, MSI, MTI, SEI, SSI, STI. */
    private static final int[] PRIORITY = {11, 3, 7, 9, 1, 5};

    private Interrupts() {}

    /** The code that is taken first of those in {@code bits}; -1 if there is none. */
    static int first(int bits) {
        if (bits != 0) {
            for (int code : PRIORITY) {
                if ((bits >>> code & 1) != 0) {
                    return code;
                }
            }
        }
        return -1;
    }
}
