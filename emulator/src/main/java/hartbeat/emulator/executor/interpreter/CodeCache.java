package hartbeat.emulator.executor.interpreter;

import hartbeat.emulator.memory.GuestMemory;
import hartbeat.emulator.memory.PageFlags;
import hartbeat.emulator.memory.PageListener;
import java.util.BitSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Decoded blocks by physical address. A store to decoded bytes forgets the blocks that were made from them before the next fetch: those alone where
 * a word of code is changed now and then, as kernels and compilers at run time do, and all of the page where it is written anew.
 */
final class CodeCache implements PageListener {
    /** Instructions kept before everything is forgotten; about 16 bytes each. */
    private static final int CAPACITY = 2_000_000;

    private static final int LINE_SHIFT = 6;

    /** After so many stores beside the code of a page in which nothing new is executed, what is left there counts as left behind. */
    private static final int MANY = 64;

    private final GuestMemory memory;
    private final BlockDecoder decoder;
    private final @Nullable Page[] pages;
    private final BitSet used = new BitSet();
    private final Consumer<Block> forgotten;
    private int instructions;

    /** Blocks of one page of RAM, by the position of their first instruction. */
    private static final class Page {
        final @Nullable Block[] blocks = new Block[GuestMemory.PAGE_SIZE / 2];

        /** Which pieces of 64 bytes hold decoded code, so that data beside code can be written without forgetting it. */
        long lines;

        /** The positions that have blocks. */
        final BitSet starts = new BitSet();

        /** Whether something was forgotten since the last block was decoded. */
        boolean written;

        /** Stores since then that forgot nothing. */
        int beside;
    }

    CodeCache(GuestMemory memory, Consumer<Block> forgotten) {
        this.memory = memory;
        this.forgotten = forgotten;
        decoder = new BlockDecoder(memory);
        pages = new Page[memory.pages()];
        memory.addPageListener(this);
    }

    /** The block for virtual {@code pc}, which is at this physical address in RAM; null if it must be done step by step. */
    @Nullable
    Block find(int pc, long physical) {
        int number = (int) ((physical - GuestMemory.BASE) >>> GuestMemory.PAGE_SHIFT);
        Page page = pages[number];
        int position = (pc & 0xfff) >> 1;
        if (page != null) {
            for (Block block = page.blocks[position]; block != null; block = block.alias) {
                if (block.pc == pc) {
                    return block;
                }
            }
        }
        return decode(pc, physical, number, position);
    }

    private @Nullable Block decode(int pc, long physical, int number, int position) {
        if (instructions > CAPACITY) {
            flush();
        }
        Block block = decoder.decode(pc, physical);
        if (block == null) {
            return null;
        }
        Page page = pages[number];
        if (page == null) {
            page = new Page();
            pages[number] = page;
            used.set(number);
            memory.flag(physical, PageFlags.CODE);
        }
        int first = (pc & 0xfff) >> LINE_SHIFT;
        int last = (pc & 0xfff) + block.fallPc - block.pc - 1 >> LINE_SHIFT;
        block.lines(mask(first, last));
        page.lines |= block.lines();
        page.written = false;
        page.beside = 0;
        block.alias = page.blocks[position];
        page.blocks[position] = block;
        page.starts.set(position);
        instructions += block.length;
        return block;
    }

    @Override
    public void codeWritten(long address, int length) {
        int number = (int) ((address - GuestMemory.BASE) >>> GuestMemory.PAGE_SHIFT);
        Page page = pages[number];
        if (page == null) {
            return;
        }
        int first = (int) (address & 0xfff) >> LINE_SHIFT;
        int last = (int) (address & 0xfff) + length - 1 >> LINE_SHIFT;
        long written = mask(first, last);
        boolean toCode = (page.lines & written) != 0;
        if (page.written && (toCode || ++page.beside > MANY)) {
            // Nothing new was executed since code was written: the page is being filled, or is no code any more. Stores
            // are to be quick again.
            forget(number, page, -1L);
        } else if (toCode) {
            page.written = true;
            forget(number, page, written);
        }
    }

    private static long mask(int first, int last) {
        return (-1L << first) & (-1L >>> 63 - last);
    }

    /** Forgets all blocks. */
    void flush() {
        for (int number = used.nextSetBit(0); number >= 0; number = used.nextSetBit(number + 1)) {
            Page page = pages[number];
            if (page != null) {
                forget(number, page, -1L);
            }
        }
    }

    /** Forgets the blocks of a page that were made from any of these lines. */
    private void forget(int number, Page page, long lines) {
        page.lines = 0;
        for (int i = page.starts.nextSetBit(0); i >= 0; i = page.starts.nextSetBit(i + 1)) {
            Block kept = null;
            Block next;
            for (Block block = page.blocks[i]; block != null; block = next) {
                next = block.alias;
                block.alias = null;
                if ((block.endingLines() & lines) == 0) {
                    page.lines |= block.endingLines();
                    block.alias = kept;
                    kept = block;
                } else {
                    forget(block);
                }
            }
            page.blocks[i] = kept;
            page.starts.set(i, kept != null);
        }
        if (page.lines == 0) {
            pages[number] = null;
            used.clear(number);
            memory.clearCode(GuestMemory.BASE + ((long) number << GuestMemory.PAGE_SHIFT));
        }
    }

    private void forget(Block block) {
        block.epoch = Block.DEAD;
        block.taken = Block.NONE;
        block.fall = Block.NONE;
        instructions -= block.length;
        forgotten.accept(block);
    }
}
