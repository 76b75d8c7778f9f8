package hartbeat.emulator.mmu;

import hartbeat.emulator.bus.Bus;
import hartbeat.emulator.memory.GuestMemory;
import hartbeat.emulator.memory.HostMemory;
import hartbeat.emulator.memory.PageFlags;
import hartbeat.emulator.memory.PageListener;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;

/**
 * A hart's view of memory: loads, stores and fetches at virtual addresses, with translation (Sv32), protection, devices and faults.
 *
 * <p>Choices that the specification leaves open: accessed and dirty bits are set by hardware; misaligned loads and stores to RAM are
 * done, also across pages, and both pages are checked before a byte is written; misaligned accesses to devices, and AMOs to devices,
 * are access faults; misaligned AMOs, LR and SC are misaligned exceptions. A reserved bit in a non-leaf entry is a page fault.
 */
public final class Mmu implements PageListener {
    /** What loads and translations return when {@link #faultCause} and {@link #faultValue} say why not. */
    public static final long FAULT = -1;

    /** Number of access tables: one for each way in which rights are checked. */
    public static final int BANKS = 4;

    private static final int BANK_MACHINE = 0;

    /** The bank of S-mode's loads and stores without SUM; the next one is that with it. */
    public static final int BANK_SUPERVISOR = 1;

    private static final int BANK_SUPERVISOR_SUM = BANK_SUPERVISOR + 1;
    private static final int BANK_USER = 3;

    private final GuestMemory memory;
    private final Bus bus;
    private final Pmp pmp = new Pmp();
    private final PageWalker walker;
    private final long[] tableEntries = new long[BANKS * AccessTable.LENGTH];
    private final AccessTable[] tables = new AccessTable[BANKS];
    private final FetchEpochs epochs;

    private int fetchPrivilege = Privilege.MACHINE;
    private int dataPrivilege = Privilege.MACHINE;
    private int satp;
    private boolean sum;
    private boolean mxr;
    private int bank;
    private long fetchEpoch;
    private int faultCause;
    private int faultValue;

    /** How often all translations were forgotten. */
    private int forgotten;

    public Mmu(int hart, GuestMemory memory, Bus bus) {
        this.memory = memory;
        this.bus = bus;
        walker = new PageWalker(memory, pmp);
        epochs = new FetchEpochs(hart);
        for (int i = 0; i < BANKS; i++) {
            tables[i] = new AccessTable(tableEntries, i * AccessTable.LENGTH);
        }
        memory.addPageListener(this);
        fetchEpoch = epochs.of(0, fetchPrivilege);
    }

    public Pmp pmp() {
        return pmp;
    }

    /** {@code pmpcfg} (0 to 3) and {@code pmpaddr} (0 to 15) as CSRs. */
    public int readPmpConfig(int register) {
        return pmp.config(register);
    }

    public void writePmpConfig(int register, int value) {
        pmp.writeConfig(register, value);
        flushAll();
    }

    public int readPmpAddress(int entry) {
        return pmp.address(entry);
    }

    public void writePmpAddress(int entry, int value) {
        pmp.writeAddress(entry, value);
        flushAll();
    }

    public void reset() {
        pmp.reset();
        flushAll();
    }

    /**
     * Takes over what translation depends on.
     *
     * @param fetch privilege for fetches
     * @param data privilege for loads and stores, which MPRV can make another
     */
    public void context(int fetch, int data, int newSatp, boolean newSum, boolean newMxr) {
        if (newSatp != satp || newMxr != mxr) {
            clearTranslated();
        }
        fetchPrivilege = fetch;
        dataPrivilege = data;
        satp = newSatp;
        sum = newSum;
        mxr = newMxr;
        bank = switch (data) {
            case Privilege.USER -> BANK_USER;
            case Privilege.SUPERVISOR -> sum ? BANK_SUPERVISOR_SUM : BANK_SUPERVISOR;
            default -> BANK_MACHINE;
        };
        fetchEpoch = epochs.of(satp, fetchPrivilege);
    }

    /** The tables of all banks: pages that may be loaded from, and stored to without telling anyone; see {@link AccessTable}. */
    public long[] accessTables() {
        return tableEntries;
    }

    /** Where the table of the present context begins in {@link #accessTables}. */
    public int accessTable() {
        return bank * AccessTable.LENGTH;
    }

    /** What is added to a physical address in RAM to get the host's. */
    public long hostOffset() {
        return memory.hostAddress(0);
    }

    /** Whether most pages of the present context are likely to lie in one piece; see {@link AccessTable}. */
    public boolean inOnePiece() {
        return bank != BANK_USER;
    }

    /** Which of the {@link #BANKS} tables is the present one. */
    public int bank() {
        return bank;
    }

    /** Names the present fetch translation; see {@link FetchEpochs}. Never negative. */
    public long fetchEpoch() {
        return fetchEpoch;
    }

    /** Exception code of the last fault. */
    public int faultCause() {
        return faultCause;
    }

    /** Virtual address of the last fault, for {@code xtval}. */
    public int faultValue() {
        return faultValue;
    }

    /** @return the value, zero-extended from 1, 2 or 4 bytes, or {@link #FAULT} */
    public long load(int virtual, int width) {
        if (crossesPage(virtual, width)) {
            return loadCrossing(virtual, width);
        }
        long physical = locate(virtual, width, Access.LOAD);
        if (physical < 0) {
            return FAULT;
        }
        if (!memory.contains(physical, width)) {
            return loadDevice(virtual, physical, width);
        }
        long page = physical & -GuestMemory.PAGE_SIZE;
        if (pmp.allowsPage(page, Access.LOAD, dataPrivilege)) {
            tables[bank].putLoad(virtual, memory.hostAddress(page));
        }
        return loadRam(physical, width);
    }

    /** @return false for a fault; nothing was written then */
    public boolean store(int virtual, int width, int value) {
        if (crossesPage(virtual, width)) {
            return storeCrossing(virtual, width, value);
        }
        long physical = locate(virtual, width, Access.STORE);
        if (physical < 0) {
            return false;
        }
        if (!memory.contains(physical, width)) {
            return storeDevice(virtual, physical, width, value);
        }
        storeRam(virtual, physical, width, value);
        return true;
    }

    /**
     * Physical address of an aligned word in RAM for LR (a load) or for SC and AMO (stores, which AMOs need only: memory that may be
     * written may be read in Sv32, and PMP has no write without read).
     */
    public long locateAtomic(int virtual, Access access) {
        if ((virtual & 3) != 0) {
            return fault(access == Access.LOAD ? 4 : 6, virtual);
        }
        long physical = locate(virtual, 4, access);
        if (physical >= 0 && !memory.contains(physical, 4)) {
            return fault(access.accessFault(), virtual);
        }
        return physical;
    }

    /** Loads the word at a physical address that {@link #locateAtomic} gave. */
    public int loadAtomic(long physical) {
        return HostMemory.i32(memory.hostAddress(physical));
    }

    /** Stores the word at a physical address that {@link #locateAtomic} gave for a store. */
    public void storeAtomic(int virtual, long physical, int value) {
        storeRam(virtual, physical, 4, value);
    }

    /** Physical address of two bytes of code, or {@link #FAULT}. */
    public long locateFetch(int virtual) {
        return locate(virtual, 2, Access.FETCH);
    }

    /** Two bytes of code at a physical address that {@link #locateFetch} gave for {@code virtual}, or {@link #FAULT}. */
    public long fetch(int virtual, long physical) {
        if (memory.contains(physical, 2)) {
            return HostMemory.u16(memory.hostAddress(physical));
        }
        Bus.Region region = bus.find(physical, 2);
        if (region == null) {
            return fault(Access.FETCH.accessFault(), virtual);
        }
        return region.device().load((int) (physical - region.base()), 2) & 0xffff;
    }

    /** Whether all of the page at this physical address is RAM that may be fetched from in the present privilege. */
    public boolean fetchCacheable(long physical) {
        long page = physical & -GuestMemory.PAGE_SIZE;
        return memory.contains(page, GuestMemory.PAGE_SIZE) && pmp.allowsPage(page, Access.FETCH, fetchPrivilege);
    }

    private long locate(int virtual, int width, Access access) {
        int privilege = access == Access.FETCH ? fetchPrivilege : dataPrivilege;
        long physical = walker.translate(virtual, access, privilege, satp, sum, mxr);
        if (physical < 0) {
            return fault(physical == PageWalker.PAGE_FAULT ? access.pageFault() : access.accessFault(), virtual);
        }
        if (!pmp.allows(physical, width, access, privilege)) {
            return fault(access.accessFault(), virtual);
        }
        return physical;
    }

    private long fault(int cause, int virtual) {
        faultCause = cause;
        faultValue = virtual;
        return FAULT;
    }

    private static boolean crossesPage(int virtual, int width) {
        return (virtual & 0xfff) > GuestMemory.PAGE_SIZE - width;
    }

    private long loadRam(long physical, int width) {
        long host = memory.hostAddress(physical);
        return switch (width) {
            case 1 -> HostMemory.u8(host);
            case 2 -> HostMemory.u16(host);
            default -> HostMemory.i32(host) & 0xffff_ffffL;
        };
    }

    private void storeRam(int virtual, long physical, int width, int value) {
        int before = forgotten;
        memory.store(physical, width, value);
        long page = physical & -GuestMemory.PAGE_SIZE;
        // The store may have changed the very entry that led here.
        if (forgotten == before
                && (memory.flags(page) & PageFlags.NOTICED) == 0
                && pmp.allowsPage(page, Access.STORE, dataPrivilege)) {
            memory.flag(page, PageFlags.IN_STORE_TABLE);
            tables[bank].putStore(virtual, memory.hostAddress(page));
        }
    }

    private long loadDevice(int virtual, long physical, int width) {
        Bus.Region region = (physical & (width - 1)) == 0 ? bus.find(physical, width) : null;
        if (region == null) {
            return fault(Access.LOAD.accessFault(), virtual);
        }
        long value = region.device().load((int) (physical - region.base()), width);
        return value & (0xffff_ffffL >>> 8 * (4 - width));
    }

    private boolean storeDevice(int virtual, long physical, int width, int value) {
        Bus.Region region = (physical & (width - 1)) == 0 ? bus.find(physical, width) : null;
        if (region == null) {
            fault(Access.STORE.accessFault(), virtual);
            return false;
        }
        int masked = value & (-1 >>> 8 * (4 - width));
        region.device().store((int) (physical - region.base()), width, masked);
        return true;
    }

    private long loadCrossing(int virtual, int width) {
        long value = 0;
        int split = GuestMemory.PAGE_SIZE - (virtual & 0xfff);
        long low = locateRam(virtual, split, Access.LOAD);
        long high = low < 0 ? FAULT : locateRam(virtual + split, width - split, Access.LOAD);
        if (high < 0) {
            return FAULT;
        }
        for (int i = 0; i < width; i++) {
            long physical = i < split ? low + i : high + i - split;
            value |= loadRam(physical, 1) << 8 * i;
        }
        return value;
    }

    private boolean storeCrossing(int virtual, int width, int value) {
        int split = GuestMemory.PAGE_SIZE - (virtual & 0xfff);
        long low = locateRam(virtual, split, Access.STORE);
        long high = low < 0 ? FAULT : locateRam(virtual + split, width - split, Access.STORE);
        if (high < 0) {
            return false;
        }
        for (int i = 0; i < width; i++) {
            long physical = i < split ? low + i : high + i - split;
            memory.store(physical, 1, value >>> 8 * i);
        }
        return true;
    }

    /** One page's part of a misaligned access, which only RAM can do. */
    private long locateRam(int virtual, int length, Access access) {
        long physical = locate(virtual, length, access);
        if (physical >= 0 && !memory.contains(physical, length)) {
            return fault(access.accessFault(), virtual);
        }
        return physical;
    }

    @Override
    public void pageTableWritten() {
        forgotten++;
        clearTranslated();
        epochs.forget();
        fetchEpoch = epochs.of(satp, fetchPrivilege);
    }

    @Override
    public void dataEntryWritten(long address, int before) {
        forgotten++;
        if (PageWalker.maybeSuperpage(before)) {
            clearTranslated();
            return;
        }
        // A table of the last level: the entry's place in it says which page, modulo 1024.
        for (int i = BANK_SUPERVISOR; i < BANKS; i++) {
            tables[i].remove((int) address << GuestMemory.PAGE_SHIFT - 2);
        }
    }

    @Override
    public void storesMustBeNoticed(long pageAddress) {
        for (AccessTable table : tables) {
            table.removeStores(memory.hostAddress(pageAddress));
        }
    }

    @Override
    public void allStoresMustBeNoticed() {
        for (AccessTable table : tables) {
            table.clearStores();
        }
    }

    /** Forgets everything that is cached; the guest cannot notice. */
    public void flushAll() {
        tables[BANK_MACHINE].clear();
        pageTableWritten();
    }

    private void clearTranslated() {
        for (int i = BANK_SUPERVISOR; i < BANKS; i++) {
            tables[i].clear();
        }
    }

    public void save(StateWriter writer) {
        pmp.save(writer);
    }

    public void restore(StateReader reader) {
        pmp.restore(reader);
        flushAll();
    }
}
