package hartbeat.emulator.hart;

import hartbeat.emulator.isa.Csr;

/**
 * Where state of a hart other than x0 to x31 stands in {@link Hart#registers}, so that machine code can reach it. {@link CsrFile} keeps
 * these CSRs nowhere else.
 */
public final class Elements {
    /** The physical address that LR reserved, which is a multiple of 4, or {@link #NO_RESERVATION}. */
    public static final int RESERVATION = 48;

    public static final int NO_RESERVATION = 1;

    /** The present privilege as the specification encodes it. */
    public static final int PRIVILEGE = 49;

    public static final int MSTATUS = 50;

    /** The fields of {@code mstatus} that {@code sstatus} shows. */
    public static final int SSTATUS_FIELDS = Status.SUPERVISOR;

    /** The one of them that lets interrupts be taken. */
    public static final int SSTATUS_ENABLE = Status.SIE;

    /** The one of them that lets S-mode load from and store to pages of user mode. */
    public static final int SSTATUS_USER_MEMORY = Status.SUM;

    /** Those of them that say what loads and stores mean. */
    public static final int SSTATUS_TRANSLATION = Status.SUM | Status.MXR;

    /** The field of {@code mstatus} that forbids SFENCE.VMA to S-mode. */
    public static final int FENCE_TRAPS = Status.TVM;

    static final int SSCRATCH = 51;
    static final int SEPC = 52;
    static final int SCAUSE = 53;
    static final int STVAL = 54;
    static final int MSCRATCH = 55;
    static final int MEPC = 56;
    static final int MCAUSE = 57;
    static final int MTVAL = 58;

    private Elements() {}

    /** The element of a CSR that holds what was written to it and has no other effect, or -1. */
    public static int ofPlainCsr(int number) {
        return switch (number) {
            case Csr.SSCRATCH -> SSCRATCH;
            case Csr.SEPC -> SEPC;
            case Csr.SCAUSE -> SCAUSE;
            case Csr.STVAL -> STVAL;
            case Csr.MSCRATCH -> MSCRATCH;
            case Csr.MEPC -> MEPC;
            case Csr.MCAUSE -> MCAUSE;
            case Csr.MTVAL -> MTVAL;
            default -> -1;
        };
    }

    /** The bits of a plain CSR that can be written; the others are zero. */
    public static int writable(int number) {
        return number == Csr.SEPC || number == Csr.MEPC ? ~1 : -1;
    }
}
