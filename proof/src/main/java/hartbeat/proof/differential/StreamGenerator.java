package hartbeat.proof.differential;

import hartbeat.emulator.mmu.Privilege;
import hartbeat.proof.fault.Seeded;

/** Makes the state that a stream starts from, and the plan of what follows its traps; {@link StreamInstructions} makes its code. */
public final class StreamGenerator {
    /** Writable fields of mstatus that both machines have (Priv. 3.1.6). */
    static final int STATUS = 0x7e_19aa;

    static final int MPP_SHIFT = 11;
    static final int MPP = 3 << MPP_SHIFT;
    private static final int MIE = 1 << 3;
    private static final int MPRV = 1 << 17;
    /** What can be delegated; never the call of S-mode, by which the harness gets delegated traps back. */
    static final int DELEGABLE = 0xb3ff & ~(1 << 9);

    private static final int MEMORY_FAULTS = 0xa0f0;

    static final int SUPERVISOR_INTERRUPTS = 0x222;

    /** Sets of interrupts of which the one with the lowest number comes first by the specification too (Priv. 3.1.9). */
    private static final int[] INTERRUPTS = {0, 2, 8, 0x20, 0x80, 0x200, 0x88, 0x208, 0x280, 0x22, 0x288};

    private static final int VALID = 1;
    private static final int READ = 2;
    private static final int WRITE = 4;
    private static final int EXECUTE = 8;
    private static final int USER = 0x10;
    private static final int[] PAGE_TARGETS = {Stream.DATA, Stream.DATA + Stream.PAGE};
    private static final int TOP_OF_RANGE = 1;
    private static final int FAR = 0x1_0000;
    private static final int CODE_LIMIT = 2 * (Stream.MOST_CODE - 20);
    private static final int[] CORNERS = {
        0, 1, -1, 2, 0x7fff_ffff, 0x8000_0000, 0x5555_5555, 0xaaaa_aaaa, 0xff, 0xffff, 0x1f, 0x20, -2, 0x8000, 0x7fff
    };

    private final Seeded random;
    private final int[] words = new int[Stream.WORDS];
    private final int mode;
    private final int interrupts;

    private StreamGenerator(long seed) {
        random = Seeded.of(seed, "stream");
        mode = pick(Privilege.MACHINE, Privilege.SUPERVISOR, Privilege.USER);
        interrupts = INTERRUPTS[below(INTERRUPTS.length)];
    }

    /** The stream of a seed. */
    public static Stream of(long seed) {
        StreamGenerator generator = new StreamGenerator(seed);
        generator.state();
        generator.code();
        return new Stream(seed, generator.words);
    }

    private void state() {
        words[Stream.SEED] = (int) random.next();
        words[Stream.MEDELEG] = random.chance(40) ? delegation(random) : 0;
        words[Stream.MIDELEG] = (int) random.next() & SUPERVISOR_INTERRUPTS;
        words[Stream.MIE] = (int) random.next() & interrupts;
        words[Stream.MIP] = random.chance(30) ? (int) random.next() & SUPERVISOR_INTERRUPTS : 0;
        words[Stream.MCOUNTEREN] = (int) random.next() & 7;
        words[Stream.SCOUNTEREN] = (int) random.next() & 7;
        words[Stream.MENVCFG] = (int) random.next() & 1;
        words[Stream.MENVCFGH] = random.chance(50) ? 1 << 31 : 0;
        words[Stream.SENVCFG] = (int) random.next() & 1;
        words[Stream.SATP] = random.chance(65) ? 1 << 31 | below(512) << 22 | Stream.ROOT >>> 12 : 0;
        words[Stream.STIMECMP] = random.chance(20) ? 0 : FAR;
        words[Stream.MTIMECMP] = random.chance(20) ? 0 : FAR;
        words[Stream.MSIP] = random.chance(20) ? 1 : 0;
        words[Stream.STVEC] = Stream.SUPERVISOR_PAGE | (random.chance(30) ? 1 : 0);
        words[Stream.SSCRATCH] = value();
        words[Stream.SEPC] = Stream.CODE;
        words[Stream.SCAUSE] = value();
        words[Stream.STVAL] = value();
        for (int i = 1; i < 32; i++) {
            words[Stream.X + i] = value();
        }
        pmp();
        pages();
    }

    private void code() {
        int offset = random.chance(25) ? Stream.PAGE - 2 * below(60) : 4 * below(64) + (random.chance(30) ? 2 : 0);
        words[Stream.OFFSET] = offset;
        words[Stream.PASSES] = random.chance(40) ? 1 : 1 + below(12);
        boolean window = mode != Privilege.MACHINE && words[Stream.SATP] != 0 && random.chance(30);
        words[Stream.START] = (window ? Stream.WINDOW : Stream.CODE) + offset;
        words[Stream.MSTATUS] = status(mode);
        StreamCode code = new StreamCode();
        StreamInstructions instructions = new StreamInstructions(random, code, mode, interrupts, offset);
        instructions.pointers(words);
        int limit = 8 + below(random.chance(70) ? 80 : CODE_LIMIT - 8);
        while (code.hasRoom(limit)) {
            instructions.unit();
        }
        int[] made = code.finish();
        words[Stream.LENGTH] = made.length;
        System.arraycopy(made, 0, words, Stream.INSTRUCTIONS, made.length);
        for (int i = 0; i < Stream.PLANS; i++) {
            words[Stream.PLAN + i] = status(random.chance(75) ? mode : pick(0, 1, 3));
            int to = offset + 2 * code.starts().get(below(code.starts().size()));
            words[Stream.WILD + i] = (random.chance(20) ? Stream.WINDOW : Stream.CODE) + to;
        }
    }

    /** A value of mstatus with which MRET goes to the mode; without what would bind the harness itself. */
    private int status(int to) {
        int status = (int) random.next() & STATUS & ~(MPP | MPRV | MIE);
        // Rights to do something are more often there than not.
        status &= ~(random.chance(70) ? 0x70_0000 : 0);
        return status | to << MPP_SHIFT;
    }

    private int value() {
        return random.chance(40) ? CORNERS[below(CORNERS.length)] : (int) random.next();
    }

    private void pmp() {
        // Never 0: with that at the top QEMU 7.2 takes an empty range for all of memory.
        for (int i = 0; i < 8; i++) {
            words[Stream.PMPADDR + i] = Stream.DATA >>> 2;
        }
        if (random.chance(60)) {
            return;
        }
        for (int i = 1; i < 8; i++) {
            if (random.chance(50)) {
                boolean data = random.chance(80);
                int rights = below(8);
                rights = (rights & 3) == 2 ? 0 : rights;
                int range = below(4);
                // All but the last: as a range of a power of two, that would reach the page tables.
                int word = Stream.DATA + 4 * below(Stream.PAGE / 2 - 1) >>> 2;
                if (!data) {
                    // QEMU asks PMP once for all instructions of a page, so what concerns code is whole pages.
                    word = Stream.CODE + Stream.PAGE * below(2) >>> 2;
                    range &= TOP_OF_RANGE;
                } else if (random.chance(60)) {
                    int napot = below(12);
                    word = word & -(1 << napot) | (1 << napot) - 1 >> 1;
                }
                words[Stream.PMPADDR + i] = word;
                words[Stream.PMPCFG + i / 4] |= (rights | range << 3) << 8 * (i % 4);
            }
        }
        words[Stream.PMPADDR] = Stream.DATA + 4 * below(Stream.PAGE / 2) >>> 2;
    }

    private void pages() {
        for (int i = 0; i < 7; i++) {
            boolean code = i < 2;
            boolean table = i > 3;
            int page = Stream.CODE + i * Stream.PAGE;
            int good = code ? EXECUTE | VALID | 2 : 7;
            int flags = random.chance(85) ? good | user(table) | accessed() : below(256) | VALID;
            words[Stream.PAGES + i] = page >>> 12 << 10 | flags & ~(code || table ? 0 : EXECUTE);
        }
        for (int i = 0; i < 16; i++) {
            int flags = random.chance(70) ? 3 | user(false) | accessed() | (random.chance(70) ? WRITE : 0) : below(256);
            // Through the window no store reaches code or tables, as what is to follow such a store does not follow it
            // there.
            int page = i < 2 ? Stream.CODE + i * Stream.PAGE : PAGE_TARGETS[below(2)];
            boolean writable = i > 0 && (words[Stream.WINDOW_ENTRIES + i - 1] & WRITE) != 0;
            if (i < 2) {
                flags = (flags | EXECUTE) & ~WRITE;
            } else {
                flags &= ~EXECUTE;
                // No store goes from memory to where there is none.
                if (random.chance(20) && !writable) {
                    page = 0x9000_0000 + below(16) * Stream.PAGE;
                }
            }
            words[Stream.WINDOW_ENTRIES + i] = page >>> 12 << 10 | flags;
        }
        words[Stream.ROOTS] = random.chance(85)
                ? Stream.WINDOW_LEAF >>> 12 << 10 | VALID
                : 0x8_0000 << 10 | (random.chance(30) ? 1 << 10 : 0) | page(below(256) & ~(WRITE | EXECUTE));
        words[Stream.ROOTS + 1] =
                Stream.WINDOW_LEAF >>> 12 << 10 | VALID | (random.chance(50) ? 0x40 << below(2) : USER);
    }

    /** Never a table: what the harness's code says as one leads to devices that one machine has and the other has not. */
    private static int page(int flags) {
        return (flags & READ) != 0 ? flags : flags & ~VALID;
    }

    private int user(boolean table) {
        boolean right = !table && mode == Privilege.USER;
        return right != random.chance(10) ? USER : 0;
    }

    private int accessed() {
        return below(4) << 6;
    }

    private int pick(int... of) {
        return of[below(of.length)];
    }

    private int below(int bound) {
        return (int) random.below(bound);
    }

    /** A value of medeleg in which faults of loads and of stores go the same way. */
    static int delegation(Seeded random) {
        int any = (int) random.next() & DELEGABLE;
        return random.chance(50) ? any | MEMORY_FAULTS : any & ~MEMORY_FAULTS;
    }
}
