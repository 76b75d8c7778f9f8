package hartbeat.emulator.mmu;

import hartbeat.emulator.memory.GuestMemory;
import hartbeat.emulator.memory.PageFlags;

/** The Sv32 page-table walk with hardware update of accessed and dirty bits (Priv. 10.3.2). */
final class PageWalker {
    static final long PAGE_FAULT = -1;
    static final long ACCESS_FAULT = -2;

    private static final int VALID = 1;
    private static final int READ = 1 << 1;
    private static final int WRITE = 1 << 2;
    private static final int EXECUTE = 1 << 3;
    private static final int USER = 1 << 4;
    private static final int ACCESSED = 1 << 6;
    private static final int DIRTY = 1 << 7;
    private static final int PPN_MASK = 0x3f_ffff;

    private final GuestMemory memory;
    private final Pmp pmp;

    PageWalker(GuestMemory memory, Pmp pmp) {
        this.memory = memory;
        this.pmp = pmp;
    }

    /** @return the physical address (34 bits), {@link #PAGE_FAULT} or {@link #ACCESS_FAULT} */
    long translate(int virtual, Access access, int privilege, int satp, boolean sum, boolean mxr) {
        if (privilege == Privilege.MACHINE || satp >= 0) {
            return virtual & 0xffff_ffffL;
        }
        long table = (long) (satp & PPN_MASK) << GuestMemory.PAGE_SHIFT;
        for (int level = 1; level >= 0; level--) {
            int shift = GuestMemory.PAGE_SHIFT + 10 * level;
            long address = table + 4 * (virtual >>> shift & 0x3ff);
            if (!memory.contains(address, 4) || !pmp.allows(address, 4, Access.LOAD, Privilege.SUPERVISOR)) {
                return ACCESS_FAULT;
            }
            if ((memory.flags(address) & PageFlags.PAGE_TABLE) == 0) {
                memory.flag(address, PageFlags.PAGE_TABLE);
            }
            int entry = memory.i32(address);
            if ((entry & VALID) == 0 || (entry & (READ | WRITE)) == WRITE) {
                return PAGE_FAULT;
            }
            long page = (long) (entry >>> 10) << GuestMemory.PAGE_SHIFT;
            if ((entry & (READ | EXECUTE)) != 0) {
                long offsetMask = (1L << shift) - 1;
                if ((page & offsetMask & -GuestMemory.PAGE_SIZE) != 0 || !permits(entry, access, privilege, sum, mxr)) {
                    return PAGE_FAULT;
                }
                return setAccessedDirty(address, entry, access) ? page | (virtual & offsetMask) : ACCESS_FAULT;
            }
            if ((entry & (USER | ACCESSED | DIRTY)) != 0) {
                return PAGE_FAULT;
            }
            table = page;
        }
        return PAGE_FAULT;
    }

    /** Whether a leaf entry could map four megabytes: one that is not aligned so is a fault in a table of the first level. */
    static boolean maybeSuperpage(int entry) {
        return (entry >>> 10 & 0x3ff) == 0;
    }

    private static boolean permits(int entry, Access access, int privilege, boolean sum, boolean mxr) {
        boolean right = switch (access) {
            case FETCH -> (entry & EXECUTE) != 0;
            case LOAD -> (entry & READ) != 0 || (mxr && (entry & EXECUTE) != 0);
            case STORE -> (entry & WRITE) != 0;
        };
        if (privilege == Privilege.USER) {
            return right && (entry & USER) != 0;
        }
        return right && ((entry & USER) == 0 || (sum && access != Access.FETCH));
    }

    private boolean setAccessedDirty(long address, int entry, Access access) {
        int wanted = entry | ACCESSED | (access == Access.STORE ? DIRTY : 0);
        if (wanted != entry) {
            if (!pmp.allows(address, 4, Access.STORE, Privilege.SUPERVISOR)) {
                return false;
            }
            memory.storeAccessedDirty(address, wanted);
        }
        return true;
    }
}
