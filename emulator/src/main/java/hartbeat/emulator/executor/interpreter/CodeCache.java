package hartbeat.emulator.executor.interpreter;

import hartbeat.emulator.memory.GuestMemory;
import hartbeat.emulator.memory.PageFlags;
import hartbeat.emulator.memory.PageListener;
import java.util.BitSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Decoded blocks by physical address. A store to decoded bytes forgets the blocks of that page before the next fetch. */
final class CodeCache implements PageListener {
    /** Instructions kept before everything is forgotten; about 16 bytes each. */
    private static final int CAPACITY = 2_000_000;

    private static final int LINE_SHIFT = 6;

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
        page.lines |= (-1L << first) & (-1L >>> 63 - last);
        block.alias = page.blocks[position];
        page.blocks[position] = block;
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
        if ((page.lines & (-1L << first) & (-1L >>> 63 - last)) != 0) {
            forget(number, page);
        }
    }

    /** Forgets all blocks. */
    void flush() {
        for (int number = used.nextSetBit(0); number >= 0; number = used.nextSetBit(number + 1)) {
            Page page = pages[number];
            if (page != null) {
                forget(number, page);
            }
        }
    }

    private void forget(int number, Page page) {
        for (Block first : page.blocks) {
            for (Block block = first; block != null; block = block.alias) {
                block.epoch = Block.DEAD;
                block.taken = Block.NONE;
                block.fall = Block.NONE;
                instructions -= block.length;
                forgotten.accept(block);
            }
        }
        pages[number] = null;
        used.clear(number);
        memory.clearCode(GuestMemory.BASE + ((long) number << GuestMemory.PAGE_SHIFT));
    }
}
