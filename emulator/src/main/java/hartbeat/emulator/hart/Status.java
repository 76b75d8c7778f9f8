package hartbeat.emulator.hart;

/** Fields of {@code mstatus} and {@code sstatus} (Priv. 3.1.6). */
final class Status {
    static final int SIE = 1 << 1;
    static final int MIE = 1 << 3;
    static final int SPIE = 1 << 5;
    static final int MPIE = 1 << 7;
    static final int SPP = 1 << 8;
    static final int MPP_SHIFT = 11;
    static final int MPP = 3 << MPP_SHIFT;
    static final int MPRV = 1 << 17;
    static final int SUM = 1 << 18;
    static final int MXR = 1 << 19;
    static final int TVM = 1 << 20;
    static final int TW = 1 << 21;
    static final int TSR = 1 << 22;

    /** What S-mode sees of it. */
    static final int SUPERVISOR = SIE | SPIE | SPP | SUM | MXR;

    static final int WRITABLE = SUPERVISOR | MIE | MPIE | MPP | MPRV | TVM | TW | TSR;

    private Status() {}
}
