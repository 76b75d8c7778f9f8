package hartbeat.emulator.executor.translator;

import hartbeat.emulator.executor.interpreter.Block;
import java.util.Arrays;

/**
 * What is translated as one: blocks of one page, each but the first entered only from the one before it. Also collects what Java must
 * know about the code's exits and about the instructions that are done in Java. One object serves for all units, one after the other.
 */
public final class Unit {
    /** Most blocks of a unit. */
    static final int MAX_BLOCKS = 8;

    /** Most instructions after which no further block is added. */
    static final int ENOUGH = 48;

    /** No address of an instruction. */
    static final int NOWHERE = 1;

    private final Block[] blocks = new Block[MAX_BLOCKS];
    private int count;
    private int number;
    private int length;
    private boolean inOnePiece;

    private int[] exitTargets = new int[1 << 10];
    private int exits;
    private Block[] siteBlocks = new Block[1 << 10];
    private int[] siteUnits = new int[1 << 10];
    private int[] siteData = new int[1 << 10];
    private int sites;

    void begin(int newNumber, Block first, boolean likelyInOnePiece) {
        number = newNumber;
        inOnePiece = likelyInOnePiece;
        blocks[0] = first;
        count = 1;
        length = first.length();
    }

    /** Where control goes on from a block's end if no branch is taken, or {@link #NOWHERE} if that is not fixed. */
    static int next(Block last) {
        long element = last.element(last.length() - 1);
        return switch (Operations.of((int) element & 0xff).kind()) {
            case BRANCH -> last.takenPc() - last.fallPc() < 0 ? NOWHERE : last.fallPc();
            case JUMP -> last.takenPc();
            case JUMP_INDIRECT -> NOWHERE;
            default -> Operations.of((int) element & 0xff).onward() ? last.fallPc() : NOWHERE;
        };
    }

    boolean contains(int pc) {
        for (int i = 0; i < count; i++) {
            if (blocks[i].pc() == pc) {
                return true;
            }
        }
        return false;
    }

    void add(Block block) {
        blocks[count++] = block;
        length += block.length();
    }

    /** Number by which Java knows this unit. */
    public int number() {
        return number;
    }

    /** Number of blocks. */
    public int count() {
        return count;
    }

    public Block block(int index) {
        return blocks[index];
    }

    /** The lines of all blocks; see {@link Block#lines}. */
    long lines() {
        long lines = 0;
        for (int i = 0; i < count; i++) {
            lines |= blocks[i].lines();
        }
        return lines;
    }

    /** Instructions of all blocks together. */
    public int length() {
        return length;
    }

    /** Whether most pages that it accesses are likely to lie in one piece; see {@code AccessTable}. */
    public boolean inOnePiece() {
        return inOnePiece;
    }

    /** Address of the first instruction. */
    public int pc() {
        return blocks[0].pc();
    }

    /** Notes an exit to a fixed address; gives its number. */
    public int exit(int target) {
        if (exits == exitTargets.length) {
            exitTargets = Arrays.copyOf(exitTargets, 2 * exits);
        }
        exitTargets[exits] = target;
        return exits++;
    }

    /**
     * Notes an instruction that may have to be done in Java; gives its number.
     *
     * @param rest instructions of the unit from this one on, which is what its budget must get back
     */
    public int site(Block block, int index, int rest) {
        if (sites == siteBlocks.length) {
            siteBlocks = Arrays.copyOf(siteBlocks, 2 * sites);
            siteUnits = Arrays.copyOf(siteUnits, 2 * sites);
            siteData = Arrays.copyOf(siteData, 2 * sites);
        }
        siteBlocks[sites] = block;
        siteUnits[sites] = number;
        siteData[sites] = rest << 8 | index;
        return sites++;
    }

    int exits() {
        return exits;
    }

    int exitTarget(int exit) {
        return exitTargets[exit];
    }

    Block siteBlock(int site) {
        return siteBlocks[site];
    }

    /** The unit that a site lies in. */
    int siteUnit(int site) {
        return siteUnits[site];
    }

    int siteIndex(int site) {
        return siteData[site] & 0xff;
    }

    int siteRest(int site) {
        return siteData[site] >>> 8;
    }

    void clear() {
        Arrays.fill(siteBlocks, 0, sites, null);
        exits = 0;
        sites = 0;
    }
}
