package hartbeat.emulator.executor.interpreter;

import org.jspecify.annotations.Nullable;

/**
 * A run of decoded instructions within one page, entered only at its first.
 *
 * <p>An element of {@link #code} is: bits 7:0 the instruction's id in the table, or {@link #END} or {@link #ILLEGAL}; 13:8 rd (x0 as
 * {@code Hart.DISCARD}); 21:16 rs1; 29:24 rs2; 63:32 the immediate (of JAL: the link address; of system instructions: the
 * encoding).
 */
public final class Block {
    /** No instruction: control goes on to the block that follows. */
    public static final int END = 254;

    /** An encoding that is not in the table. */
    public static final int ILLEGAL = 255;

    /** No epoch: this block may not be entered any more. */
    static final long DEAD = -1;

    /** Stands for a link that was not made yet. */
    static final Block NONE = new Block(1, new long[] {END}, new byte[1], 0, 0, 0);

    /** Virtual address of the first instruction. */
    final int pc;

    /** Number of instructions; less than the length of {@link #code} if that ends with END. */
    final int length;

    final long[] code;

    /** Distance of each instruction from {@link #pc} in units of two bytes. */
    final byte[] offsets;

    /** Where a branch or jump at the end goes if its target is fixed. */
    final int takenPc;

    /** The instruction after the last. */
    final int fallPc;

    /** The fetch epoch for which pc is known to lead to this block. */
    long epoch = DEAD;

    Block taken;
    Block fall;

    /** Which pieces of 64 bytes of its page it was decoded from: one bit for each. */
    private long lines;

    /** The same of all that its translation was made from. */
    private long translatedLines;

    /** For an executor that translates: the machine code's number, 0 while there is none. */
    private int translation;

    /** For an executor that translates: how often the block was interpreted. */
    private int heat;

    /** Another block at the same physical address that is known by another virtual one. */
    @Nullable
    Block alias;

    @SuppressWarnings("NullAway") // NONE links to itself, and is not there yet while it is made.
    Block(int pc, long[] code, byte[] offsets, int length, int takenPc, int fallPc) {
        this.pc = pc;
        this.code = code;
        this.offsets = offsets;
        this.length = length;
        this.takenPc = takenPc;
        this.fallPc = fallPc;
        taken = NONE;
        fall = NONE;
    }

    /** Virtual address of the first instruction. */
    public int pc() {
        return pc;
    }

    /** Number of instructions. */
    public int length() {
        return length;
    }

    /** The decoded instruction at a position from 0 to the length; see the class. */
    public long element(int index) {
        return code[index];
    }

    /** Where a branch or jump at the end goes if its target is fixed. */
    public int takenPc() {
        return takenPc;
    }

    /** The address after the last instruction. */
    public int fallPc() {
        return fallPc;
    }

    /** Whether its code has changed or was dropped since it was decoded. */
    public boolean dead() {
        return epoch == DEAD;
    }

    /** What an executor that translates has noted here, 0 at first. */
    public int translation() {
        return translation;
    }

    /**
     * Notes machine code.
     *
     * @param number 0 if there is none any more
     * @param madeFrom the {@link #lines} of all blocks that it was made from, which lie in one page: it ends with any of them
     */
    public void translation(int number, long madeFrom) {
        translation = number;
        translatedLines = madeFrom;
    }

    /** Which pieces of 64 bytes of its page it was decoded from: one bit for each. */
    public long lines() {
        return lines;
    }

    void lines(long mask) {
        lines = mask;
    }

    /** A store to any of these lines ends this block. */
    long endingLines() {
        return lines | translatedLines;
    }

    /** Counts an execution; gives their number. */
    public int warm() {
        return ++heat;
    }

    /** Address of an instruction of this block. */
    public int pcOf(int index) {
        return index < length ? pc + 2 * (offsets[index] & 0xff) : fallPc;
    }
}
