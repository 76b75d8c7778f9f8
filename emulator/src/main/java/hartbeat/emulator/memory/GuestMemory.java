package hartbeat.emulator.memory;

import hartbeat.emulator.state.StateFormatException;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import hartbeat.emulator.state.Stateful;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.lwjgl.system.MemoryUtil;

/**
 * Guest RAM. Addresses are guest-physical. A device checks {@link #contains} before it touches memory; an access outside is a
 * programming error and throws {@link IndexOutOfBoundsException}.
 *
 * <p>Its state is the contents and the digest's chain: the last memory hash and which pages were written since.
 */
public final class GuestMemory implements Stateful, AutoCloseable {
    public static final long BASE = 0x8000_0000L;
    public static final int PAGE_SIZE = 4096;
    public static final int PAGE_SHIFT = 12;

    /** The most that fits below the end of the 32-bit address space. */
    public static final long MAX_SIZE = 0x8000_0000L;

    /** What was stored to, if it is in a page table: nothing that a translation depends on. */
    private static final int NO_ENTRY = 0;

    /** A leaf through which nothing can be fetched. */
    private static final int DATA_ENTRY = 1;

    /** Any other entry. */
    private static final int ANY_ENTRY = 2;

    /** Bits of a page-table entry (Priv. 10.3.1). */
    private static final int ENTRY_VALID = 1;

    private static final int ENTRY_RIGHTS = 0xe;
    private static final int ENTRY_EXECUTE = 8;

    /** Within a page, what is written at once when a state is taken over: as fine as those who cache code look. */
    private static final int PIECE_BYTES = 64;

    private final long size;
    private final long host;
    private final byte[] flags;
    private final BitSet dirty;
    /** Pages that were ever written; all others are still zero. */
    private final BitSet touched = new BitSet();

    private final BitSet pageTables = new BitSet();
    private final List<PageListener> pageListeners = new ArrayList<>();
    private final List<Watch> watches = new ArrayList<>();
    private long chain;
    private boolean open = true;

    private record Watch(long address, long length, StoreListener listener) {}

    /** @param sizeBytes a positive multiple of the page size, at most {@link #MAX_SIZE} */
    public GuestMemory(long sizeBytes) {
        if (sizeBytes <= 0 || sizeBytes > MAX_SIZE || sizeBytes % PAGE_SIZE != 0) {
            throw new IllegalArgumentException("guest memory: expected=a multiple of %d bytes up to %d, actual=%d"
                    .formatted(PAGE_SIZE, MAX_SIZE, sizeBytes));
        }
        size = sizeBytes;
        host = HostMemory.map(sizeBytes);
        flags = new byte[(int) (sizeBytes >>> PAGE_SHIFT)];
        dirty = new BitSet(flags.length);
        Arrays.fill(flags, (byte) PageFlags.CLEAN);
    }

    public long size() {
        return size;
    }

    /** Number of pages. */
    public int pages() {
        return flags.length;
    }

    /** Whether all of {@code [address, address + length)} is RAM; false for negative lengths and wrap-around. */
    public boolean contains(long address, long length) {
        return address >= BASE && length >= 0 && length <= size && address - BASE <= size - length;
    }

    /** Host address of a byte of RAM, for the caches of executors; valid as long as this memory is open. */
    public long hostAddress(long address) {
        return host + (address - BASE);
    }

    public void read(long address, byte[] target, int offset, int length) {
        check(address, length);
        Objects.checkFromIndexSize(offset, length, target.length);
        MemoryUtil.memByteBuffer(hostAddress(address), length).get(target, offset, length);
    }

    /** Writes as a device does (DMA): page flags and everything derived from the old contents are brought up to date. */
    public void write(long address, byte[] source, int offset, int length) {
        check(address, length);
        Objects.checkFromIndexSize(offset, length, source.length);
        if (length == 0) {
            return;
        }
        notice(address, length, ANY_ENTRY);
        MemoryUtil.memByteBuffer(hostAddress(address), length).put(source, offset, length);
        deviceWrote(address, length);
    }

    /** Fills RAM with zeroes, as at power-on. */
    public void clear() {
        clear(touched);
    }

    private void clear(BitSet which) {
        for (int page = which.nextSetBit(0); page >= 0; page = which.nextSetBit(page + 1)) {
            if (!zero(page)) {
                notice(pageAddress(page), PAGE_SIZE, ANY_ENTRY);
                MemoryUtil.memSet(hostAddress(pageAddress(page)), 0, PAGE_SIZE);
            }
        }
    }

    /** Little-endian reads and writes at any alignment. */
    public int u8(long address) {
        check(address, 1);
        return HostMemory.u8(hostAddress(address));
    }

    public int u16(long address) {
        check(address, 2);
        return HostMemory.u16(hostAddress(address));
    }

    public int i32(long address) {
        check(address, 4);
        return HostMemory.i32(hostAddress(address));
    }

    public long i64(long address) {
        check(address, 8);
        return HostMemory.i64(hostAddress(address));
    }

    public void i8(long address, int value) {
        check(address, 1);
        notice(address, 1, ANY_ENTRY);
        HostMemory.i8(hostAddress(address), value);
        deviceWrote(address, 1);
    }

    public void i16(long address, int value) {
        check(address, 2);
        notice(address, 2, ANY_ENTRY);
        HostMemory.i16(hostAddress(address), value);
        deviceWrote(address, 2);
    }

    public void i32(long address, int value) {
        check(address, 4);
        notice(address, 4, ANY_ENTRY);
        HostMemory.i32(hostAddress(address), value);
        deviceWrote(address, 4);
    }

    /**
     * A hart's store on the slow path, up to 4 bytes that lie within one page.
     *
     * <p>A page-table entry that was invalid cannot have been cached, so making it valid forgets nothing.
     */
    public void store(long address, int width, int value) {
        long hostAddress = hostAddress(address);
        if ((flags(address) & PageFlags.NOTICED) != 0) {
            notice(address, width, entryBefore(address, width));
        }
        switch (width) {
            case 1 -> HostMemory.i8(hostAddress, value);
            case 2 -> HostMemory.i16(hostAddress, value);
            default -> HostMemory.i32(hostAddress, value);
        }
        if ((flags(address) & PageFlags.WATCHED) != 0) {
            stored(address, width);
        }
    }

    /** The store of accessed and dirty bits by a page-table walk: no translation depends on these bits being clear. */
    public void storeAccessedDirty(long address, int entry) {
        notice(address, 4, NO_ENTRY);
        HostMemory.i32(hostAddress(address), entry);
        stored(address, 4);
    }

    /** Flags of the page that an address lies in. */
    public int flags(long address) {
        return flags[(int) ((address - BASE) >>> PAGE_SHIFT)];
    }

    /** Sets flags of a page; where stores must be noticed from now on, those who store without telling learn of it. */
    public void flag(long address, int set) {
        int page = (int) ((address - BASE) >>> PAGE_SHIFT);
        int before = flags[page];
        flags[page] = (byte) (before | set);
        if ((set & PageFlags.PAGE_TABLE) != 0) {
            pageTables.set(page);
        }
        if ((set & PageFlags.NOTICED) != 0 && (before & PageFlags.IN_STORE_TABLE) != 0) {
            flags[page] &= ~PageFlags.IN_STORE_TABLE;
            for (PageListener listener : pageListeners) {
                listener.storesMustBeNoticed(pageAddress(page));
            }
        }
    }

    /** Takes back {@link PageFlags#CODE}, when nothing that is cached comes from this page any more. */
    public void clearCode(long address) {
        flags[(int) ((address - BASE) >>> PAGE_SHIFT)] &= ~PageFlags.CODE;
    }

    /** Called while the board is built. */
    public void addPageListener(PageListener listener) {
        pageListeners.add(listener);
    }

    /** Tells {@code listener} of every store that touches a range, by a hart or a device. */
    public void watch(long address, long length, StoreListener listener) {
        check(address, length);
        watches.add(new Watch(address, length, listener));
        for (long page = address & -PAGE_SIZE; page < address + length; page += PAGE_SIZE) {
            flag(page, PageFlags.WATCHED);
        }
    }

    /**
     * The hash of memory: that of the last digest chained with all pages written since, in order of their addresses. Marks them
     * clean.
     */
    public long digest() {
        long next = Hashes.mix(chain, dirty.cardinality());
        for (int page = dirty.nextSetBit(0); page >= 0; page = dirty.nextSetBit(page + 1)) {
            next = Hashes.mix(next, page);
            next = Hashes.mix(next, Hashes.ofHostMemory(hostAddress(pageAddress(page)), PAGE_SIZE));
            flags[page] = (byte) ((flags[page] & ~PageFlags.IN_STORE_TABLE) | PageFlags.CLEAN);
        }
        if (!dirty.isEmpty()) {
            pageListeners.forEach(PageListener::allStoresMustBeNoticed);
            dirty.clear();
        }
        chain = next;
        return next;
    }

    /** Number of pages written since the last digest. */
    public int dirtyPages() {
        return dirty.cardinality();
    }

    /** What may depend on what these bytes are now, if they are page-table entries. */
    private int entryBefore(long address, int width) {
        long first = address & -4;
        long last = (address + width - 1) & -4;
        return Math.max(entryKind(first), last == first ? NO_ENTRY : entryKind(last));
    }

    private int entryKind(long address) {
        int entry = HostMemory.u8(hostAddress(address));
        if ((entry & ENTRY_VALID) == 0) {
            return NO_ENTRY;
        }
        boolean pointer = (entry & ENTRY_RIGHTS) == 0;
        return pointer || (entry & ENTRY_EXECUTE) != 0 ? ANY_ENTRY : DATA_ENTRY;
    }

    /** Before a store: makes pages dirty and forgets what was derived from their old contents. */
    private void notice(long address, int length, int entries) {
        int last = (int) ((address + length - 1 - BASE) >>> PAGE_SHIFT);
        for (int page = (int) ((address - BASE) >>> PAGE_SHIFT); page <= last; page++) {
            int present = flags[page];
            if ((present & PageFlags.CLEAN) != 0) {
                flags[page] &= ~PageFlags.CLEAN;
                dirty.set(page);
                touched.set(page);
            }
            if ((present & PageFlags.CODE) != 0) {
                long from = Math.max(address, pageAddress(page));
                int bytes = (int) (Math.min(address + length, pageAddress(page) + PAGE_SIZE) - from);
                for (PageListener listener : pageListeners) {
                    listener.codeWritten(from, bytes);
                }
            }
            if ((present & PageFlags.PAGE_TABLE) != 0 && entries == DATA_ENTRY) {
                dataEntriesWritten(address, length);
            } else if ((present & PageFlags.PAGE_TABLE) != 0 && entries == ANY_ENTRY) {
                forgetTranslations();
            }
        }
    }

    /** Other translations remain, and with them the need to notice stores to the pages that they were read from. */
    private void dataEntriesWritten(long address, int length) {
        for (long entry = address & -4; entry < address + length; entry += 4) {
            for (PageListener listener : pageListeners) {
                listener.dataEntryWritten(entry, HostMemory.i32(hostAddress(entry)));
            }
        }
    }

    private void forgetTranslations() {
        for (int page = pageTables.nextSetBit(0); page >= 0; page = pageTables.nextSetBit(page + 1)) {
            flags[page] &= ~PageFlags.PAGE_TABLE;
        }
        pageTables.clear();
        pageListeners.forEach(PageListener::pageTableWritten);
    }

    private void deviceWrote(long address, int length) {
        for (PageListener listener : pageListeners) {
            listener.deviceWrote(address, length);
        }
        stored(address, length);
    }

    private void stored(long address, int length) {
        for (Watch watch : watches) {
            if (address < watch.address + watch.length && watch.address < address + length) {
                watch.listener.stored(address, length);
            }
        }
    }

    private static long pageAddress(int page) {
        return BASE + ((long) page << PAGE_SHIFT);
    }

    private boolean zero(int page) {
        long from = hostAddress(pageAddress(page));
        for (long address = from; address < from + PAGE_SIZE; address += 8) {
            if (HostMemory.i64(address) != 0) {
                return false;
            }
        }
        return true;
    }

    private void check(long address, long length) {
        if (!open || !contains(address, length)) {
            throw new IndexOutOfBoundsException("guest memory: expected=0x%x..0x%x, actual=0x%x, length=%d, open=%b"
                    .formatted(BASE, BASE + size, address, length, open));
        }
    }

    @Override
    public String name() {
        return "memory";
    }

    /** Size, digest chain, dirty pages, then each page that is not all zeroes, with its number; -1 ends the list. */
    @Override
    public void save(StateWriter writer) {
        writer.i64(size).i64(chain);
        byte[] dirtyBytes = dirty.toByteArray();
        writer.bytes(dirtyBytes);
        byte[] contents = new byte[PAGE_SIZE];
        for (int page = touched.nextSetBit(0); page >= 0; page = touched.nextSetBit(page + 1)) {
            if (!zero(page)) {
                read(pageAddress(page), contents, 0, PAGE_SIZE);
                writer.i32(page).bytes(contents);
            }
        }
        writer.i32(-1);
    }

    /**
     * {@inheritDoc}
     *
     * <p>What is there already is not written again, so that code which was decoded from it stays decoded.
     */
    @Override
    public void restore(StateReader reader) {
        long savedSize = reader.i64();
        if (savedSize != size) {
            throw new StateFormatException("guest memory: expected=%d bytes, actual=%d; start with the same --memory"
                    .formatted(size, savedSize));
        }
        chain = reader.i64();
        BitSet savedDirty = BitSet.valueOf(reader.bytes(flags.length / 8 + 8));
        if (savedDirty.length() > flags.length) {
            throw new StateFormatException(
                    "dirty pages: expected=below %d, actual=%d".formatted(flags.length, savedDirty.length()));
        }
        BitSet absent = (BitSet) touched.clone();
        int previous = -1;
        for (int page = reader.i32(); page != -1; page = reader.i32()) {
            if (page <= previous || page >= flags.length) {
                throw new StateFormatException(
                        "memory page: expected=%d..%d, actual=%d".formatted(previous + 1, flags.length - 1, page));
            }
            byte[] contents = reader.bytes(PAGE_SIZE);
            if (contents.length != PAGE_SIZE) {
                throw new StateFormatException(
                        "memory page %d: expected=%d bytes, actual=%d".formatted(page, PAGE_SIZE, contents.length));
            }
            bringBack(page, contents);
            absent.clear(page);
            previous = page;
        }
        clear(absent);
        dirty.clear();
        dirty.or(savedDirty);
        // A dirty page that is all zeroes stands in no list, and nobody notices when it is stored to.
        touched.or(dirty);
        for (int page = 0; page < flags.length; page++) {
            int others = flags[page] & ~(PageFlags.CLEAN | PageFlags.IN_STORE_TABLE);
            flags[page] = (byte) (dirty.get(page) ? others : others | PageFlags.CLEAN);
        }
        pageListeners.forEach(PageListener::allStoresMustBeNoticed);
    }

    /** Not as a device writes: what was restored before, such as a reservation, stays. */
    private void bringBack(int page, byte[] contents) {
        ByteBuffer wanted = ByteBuffer.wrap(contents);
        ByteBuffer present = MemoryUtil.memByteBuffer(hostAddress(pageAddress(page)), PAGE_SIZE);
        for (int at = wanted.mismatch(present); at >= 0 && at < PAGE_SIZE; ) {
            int from = at & -PIECE_BYTES;
            notice(pageAddress(page) + from, PIECE_BYTES, ANY_ENTRY);
            present.put(from, contents, from, PIECE_BYTES);
            int next = from + PIECE_BYTES;
            int further = wanted.position(next)
                    .slice()
                    .mismatch(present.position(next).slice());
            at = further < 0 ? -1 : next + further;
        }
    }

    @Override
    public void close() {
        if (open) {
            open = false;
            pageListeners.forEach(PageListener::memoryClosed);
            HostMemory.unmap(host, size);
        }
    }
}
