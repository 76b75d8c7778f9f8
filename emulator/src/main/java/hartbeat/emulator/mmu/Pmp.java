package hartbeat.emulator.mmu;

import hartbeat.emulator.memory.GuestMemory;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;

/** Physical memory protection with 16 entries and a granularity of 4 bytes (Priv. 3.7). */
public final class Pmp {
    public static final int ENTRIES = 16;

    private static final int READ = 1;
    private static final int WRITE = 2;
    private static final int EXECUTE = 4;
    private static final int LOCKED = 0x80;
    private static final int MODE_SHIFT = 3;
    private static final int TOR = 1;
    private static final int NA4 = 2;

    private final int[] config = new int[ENTRIES];
    private final int[] address = new int[ENTRIES];

    /** First byte and the byte after the last of each entry's range; empty while it is off. */
    private final long[] from = new long[ENTRIES];

    private final long[] to = new long[ENTRIES];
    private boolean anyLocked;

    /** A range in which no other entry matches first, and the configuration that holds there; empty until one was looked for. */
    private long sameFrom;

    private long sameTo;
    private int sameConfig;

    void reset() {
        for (int i = 0; i < ENTRIES; i++) {
            config[i] = 0;
            address[i] = 0;
        }
        changed();
    }

    /** Value of {@code pmpcfg} number {@code register}, 0 to 3. */
    int config(int register) {
        int value = 0;
        for (int i = 3; i >= 0; i--) {
            value = value << 8 | config[4 * register + i];
        }
        return value;
    }

    int address(int entry) {
        return address[entry];
    }

    /** Locked entries keep their value; the reserved combinations (write without read) become no access at all. */
    void writeConfig(int register, int value) {
        for (int i = 0; i < 4; i++) {
            int entry = 4 * register + i;
            int wanted = value >>> 8 * i & 0x9f;
            if ((wanted & (READ | WRITE)) == WRITE) {
                wanted &= ~(READ | WRITE | EXECUTE);
            }
            if ((config[entry] & LOCKED) == 0) {
                config[entry] = wanted;
            }
        }
        changed();
    }

    void writeAddress(int entry, int value) {
        boolean nextLocksIt = entry + 1 < ENTRIES && (config[entry + 1] & LOCKED) != 0 && mode(entry + 1) == TOR;
        if ((config[entry] & LOCKED) == 0 && !nextLocksIt) {
            address[entry] = value;
            changed();
        }
    }

    /**
     * Whether every access within a page is allowed that lies within a word: no entry ends inside a word. Where this says no, some
     * may be allowed all the same.
     */
    boolean allowsPage(long page, Access access, int privilege) {
        return (privilege == Privilege.MACHINE && !anyLocked) || allows(page, GuestMemory.PAGE_SIZE, access, privilege);
    }

    /**
     * Whether all of an access is allowed. The entry with the lowest number that matches any byte must match all of them, in M-mode
     * too, where a misaligned access can lie across its end.
     */
    boolean allows(long physical, long length, Access access, int privilege) {
        if (privilege == Privilege.MACHINE && !anyLocked && (physical & 3) + length <= 4) {
            return true;
        }
        long end = physical + length;
        if (physical >= sameFrom && end <= sameTo) {
            return allows(sameConfig, access, privilege);
        }
        for (int i = 0; i < ENTRIES; i++) {
            if (physical < to[i] && from[i] < end) {
                boolean whole = from[i] <= physical && end <= to[i];
                if (whole) {
                    remember(i, physical, end);
                }
                return whole && allows(config[i], access, privilege);
            }
        }
        return privilege == Privilege.MACHINE;
    }

    private static boolean allows(int config, Access access, int privilege) {
        boolean exempt = privilege == Privilege.MACHINE && (config & LOCKED) == 0;
        return exempt || (config & right(access)) != 0;
    }

    /** Entry {@code match} is the first that matches these bytes: how far it does so on either side. */
    private void remember(int match, long physical, long end) {
        sameFrom = from[match];
        sameTo = to[match];
        sameConfig = config[match];
        for (int i = 0; i < match; i++) {
            if (from[i] >= end && from[i] < to[i]) {
                sameTo = Math.min(sameTo, from[i]);
            } else if (to[i] <= physical) {
                sameFrom = Math.max(sameFrom, to[i]);
            }
        }
    }

    private static int right(Access access) {
        return switch (access) {
            case FETCH -> EXECUTE;
            case LOAD -> READ;
            case STORE -> WRITE;
        };
    }

    private int mode(int entry) {
        return config[entry] >>> MODE_SHIFT & 3;
    }

    private void changed() {
        sameFrom = 0;
        sameTo = 0;
        anyLocked = false;
        for (int i = 0; i < ENTRIES; i++) {
            anyLocked |= (config[i] & LOCKED) != 0;
            long word = (address[i] & 0xffff_ffffL) << 2;
            int mode = mode(i);
            boolean empty = mode == TOR && i > 0 && Integer.compareUnsigned(address[i - 1], address[i]) >= 0;
            if (mode == 0 || empty) {
                from[i] = 0;
                to[i] = 0;
            } else if (mode == TOR) {
                from[i] = i == 0 ? 0 : (address[i - 1] & 0xffff_ffffL) << 2;
                to[i] = word;
            } else if (mode == NA4) {
                from[i] = word;
                to[i] = word + 4;
            } else {
                long size = 8L << Integer.numberOfTrailingZeros(~address[i]);
                from[i] = word & -size;
                to[i] = from[i] + size;
            }
        }
    }

    void save(StateWriter writer) {
        writer.i32s(config).i32s(address);
    }

    void restore(StateReader reader) {
        reader.i32s(config);
        reader.i32s(address);
        for (int i = 0; i < ENTRIES; i++) {
            config[i] &= 0x9f;
        }
        changed();
    }
}
