package hartbeat.emulator.mmu;

/** Kinds of access, with the exceptions that they raise (Priv. table 14). */
public enum Access {
    FETCH(1, 12),
    LOAD(5, 13),
    /** Stores and AMOs. */
    STORE(7, 15);

    private final int accessFault;
    private final int pageFault;

    Access(int accessFault, int pageFault) {
        this.accessFault = accessFault;
        this.pageFault = pageFault;
    }

    public int accessFault() {
        return accessFault;
    }

    public int pageFault() {
        return pageFault;
    }
}
