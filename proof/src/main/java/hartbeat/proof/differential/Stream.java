package hartbeat.proof.differential;

import java.util.Arrays;

/**
 * A stream of instructions and the state that it starts from, as the harness in {@code guest-images/bare/streams} takes it: the words of
 * its {@code struct stream}, and the addresses of its {@code streams.h}.
 *
 * @param seed what it was made from
 * @param words {@link #WORDS} of them, never changed
 */
public record Stream(long seed, int[] words) {
    /** Two pages of code; the virtual window begins with them too. */
    static final int CODE = 0x8000_c000;

    static final int DATA = 0x8000_e000;
    static final int ROOT = 0x8001_0000;
    static final int LEAF = 0x8001_1000;
    static final int WINDOW_LEAF = 0x8001_2000;
    static final int WINDOW = 0xc000_0000;
    static final int SUPERVISOR_PAGE = 0x8000_1000;
    static final int PAGE = 4096;
    static final int MOST_CODE = 128;
    static final int PLANS = 16;

    static final int PASSES = 1;
    static final int START = 2;
    static final int OFFSET = 3;
    static final int LENGTH = 4;
    static final int SEED = 5;
    static final int MSTATUS = 6;
    static final int MEDELEG = 7;
    static final int MIDELEG = 8;
    static final int MIE = 9;
    static final int MIP = 10;
    static final int MCOUNTEREN = 11;
    static final int SCOUNTEREN = 12;
    static final int MENVCFG = 13;
    static final int MENVCFGH = 14;
    static final int SENVCFG = 15;
    static final int SATP = 16;
    static final int STIMECMP = 17;
    static final int MTIMECMP = 18;
    static final int MSIP = 19;
    static final int STVEC = 20;
    static final int SSCRATCH = 21;
    static final int SEPC = 22;
    static final int SCAUSE = 23;
    static final int STVAL = 24;
    static final int PMPCFG = 25;
    static final int PMPADDR = 27;
    static final int X = 35;
    static final int PLAN = 67;
    static final int WILD = 83;
    static final int PAGES = 99;
    static final int WINDOW_ENTRIES = 106;
    static final int ROOTS = 122;
    static final int INSTRUCTIONS = 124;
    static final int WORDS = INSTRUCTIONS + MOST_CODE;

    /** With other words at some places. */
    Stream with(int index, int... values) {
        int[] changed = words.clone();
        System.arraycopy(values, 0, changed, index, values.length);
        return new Stream(seed, changed);
    }

    /** The same words under another seed. */
    Stream withSeed(long other) {
        return new Stream(other, words);
    }

    /** Length of the code in half words, without the ECALL at its end. */
    int halves() {
        return 2 * (words[LENGTH] - 1);
    }

    /** The half word of its code with this number. */
    int half(int number) {
        return words[INSTRUCTIONS + number / 2] >>> 16 * (number % 2) & 0xffff;
    }

    /** The same with one half word replaced. */
    Stream withHalf(int number, int value) {
        int index = INSTRUCTIONS + number / 2;
        int shift = 16 * (number % 2);
        return with(index, words[index] & ~(0xffff << shift) | value << shift);
    }

    /** Whether the code of the harness is locked by PMP while it runs, so that M-mode is bound too. */
    boolean locked() {
        return (seed & 1) != 0;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Stream stream && stream.seed == seed && Arrays.equals(stream.words, words);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words);
    }
}
