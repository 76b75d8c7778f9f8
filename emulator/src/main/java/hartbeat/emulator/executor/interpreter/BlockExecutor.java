package hartbeat.emulator.executor.interpreter;

import hartbeat.emulator.executor.Executor;
import hartbeat.emulator.hart.Hart;
import hartbeat.emulator.isa.Instruction;
import hartbeat.emulator.isa.InstructionTable;
import hartbeat.emulator.machine.RunState;
import hartbeat.emulator.memory.GuestMemory;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What all executors that work on decoded blocks have in common: where blocks are found, and how a budget is kept exact.
 *
 * <p>A block's length is charged against the budget when it is entered; a block that is longer than what is left is not entered, but
 * done instruction by instruction. Whatever leaves a block early gives back what was not executed, so that icount is exact
 * wherever it can be seen.
 */
public abstract class BlockExecutor implements Executor {
    private static final int JUMPS = 1 << 14;
    private static final boolean[] ENDS_BLOCK = new boolean[256];

    static {
        for (Instruction instruction : InstructionTable.ALL_INSTRUCTIONS) {
            ENDS_BLOCK[instruction.id()] = instruction.endsBlock();
        }
    }

    private final RunState run;
    private final CodeCache cache;
    private final Block[] known = new Block[JUMPS];

    /** The icount at which the present budget is used up. */
    private long end;

    /** What is left of the budget. */
    private long left;

    protected BlockExecutor(RunState run, GuestMemory memory) {
        this.run = run;
        cache = new CodeCache(memory, this::forgotten);
        Arrays.fill(known, Block.NONE);
    }

    @Override
    public final void run(Hart hart, long limit) {
        end = limit;
        while (run.icount() < limit && !hart.waiting()) {
            hart.takeInterrupt();
            left = limit - run.icount();
            execute(hart);
            if (run.leaveRequested()) {
                return;
            }
        }
    }

    @Override
    public void flush() {
        cache.flush();
        Arrays.fill(known, Block.NONE);
    }

    /**
     * Runs the hart from its pc for as long as nothing happens that must be seen to before the next instruction; pc, {@link #left} and
     * icount are exact then. It goes on by one instruction at least, or raises an exception.
     */
    protected abstract void execute(Hart hart);

    /**
     * The block that follows {@code block}, which may then be linked.
     *
     * @return null if {@link BlockCore#execute} must end; the hart's pc and the budget are set then
     */
    @Nullable
    protected abstract Block follow(Hart hart, Block block, boolean taken, long budget);

    /** The block at an indirect jump's target; as {@link #follow}. A page must not be touched before its instruction's turn. */
    @Nullable
    protected abstract Block jump(Hart hart, int target, long budget);

    /** Blocks that {@link BlockCore} may jump to by itself, by {@link #jumpIndex} of their address. */
    protected abstract Block[] jumps();

    /** A block may not be entered any more, because its code has changed or the cache was emptied. */
    protected void forgotten(Block block) {}

    /** What is left of the budget. */
    protected final long left() {
        return left;
    }

    /** Blocks that were looked up, by {@link #jumpIndex} of their address. */
    final Block[] known() {
        return known;
    }

    static int jumpIndex(int pc) {
        return pc >>> 1 & JUMPS - 1;
    }

    /** A table for {@link #jumps} without any block. */
    protected static Block[] noJumps() {
        Block[] none = new Block[JUMPS];
        Arrays.fill(none, Block.NONE);
        return none;
    }

    /** The block at {@code pc}, or null if it must be done step by step; its page is touched as by a fetch. */
    @Nullable
    protected final Block lookup(Hart hart, int pc) {
        long epoch = hart.mmu().fetchEpoch();
        Block block = known[jumpIndex(pc)];
        if (block.pc == pc && block.epoch == epoch) {
            return block;
        }
        long physical = hart.mmu().locateFetch(pc);
        if (physical < 0 || !hart.mmu().fetchCacheable(physical)) {
            return null;
        }
        block = cache.find(pc, physical);
        if (block != null) {
            block.epoch = hart.mmu().fetchEpoch();
            known[jumpIndex(pc)] = block;
        }
        return block;
    }

    /**
     * The block at {@code pc}, which lies in the page of {@code block}, which may be entered now.
     *
     * @return null if there is none, or if the cache was emptied for want of room
     */
    @Nullable
    protected final Block neighbour(Hart hart, Block block, int pc) {
        long physical = hart.mmu().locateFetch(block.pc);
        if (physical < 0) {
            return null;
        }
        Block found = cache.find(pc, physical - (block.pc & 0xfff) + (pc & 0xfff));
        if (found == null || block.dead()) {
            return null;
        }
        found.epoch = block.epoch;
        return found;
    }

    /** Interprets {@code block} and what {@link #follow} and {@link #jump} give, as far as the budget goes. */
    protected final void interpret(Hart hart, Block block) {
        if (block.length <= left) {
            BlockCore.execute(this, hart, block, left);
            settle();
        } else {
            stepThrough(hart, block);
        }
    }

    /** Does the instruction at the hart's pc with nothing remembered. */
    protected final void singleStep(Hart hart) {
        SingleStep.run(run, hart);
        left = end - run.icount();
    }

    /** Ends an execution before the instruction at {@code pc}. */
    protected final void leave(Hart hart, int pc, long budget) {
        hart.pc(pc);
        left = budget;
    }

    /** As {@link #leave}, with icount brought up to date. */
    protected final void stop(Hart hart, int pc, long budget) {
        leave(hart, pc, budget);
        run.icount(end - budget);
    }

    /**
     * Executes the instruction before element {@code next} of a block with all that may come of it.
     *
     * @param budget what was left after the whole block was charged
     * @param goesOn whether the caller can go on behind this instruction though it ends a block
     * @return whether the block must be left; pc and budget are exact then, and icount after {@link #settle}
     */
    protected final boolean slow(Hart hart, Block block, int next, long budget, boolean goesOn) {
        int index = next - 1;
        long exact = budget + block.length - index;
        run.icount(end - exact);
        hart.pc(block.pcOf(index));
        long epoch = hart.mmu().fetchEpoch();
        int bank = hart.mmu().bank();
        long element = block.code[index];
        int id = (int) element & 0xff;
        long target = -1;
        if (id == Block.ILLEGAL) {
            hart.illegalInstruction((int) (element >>> 32));
        } else {
            target = StepCore.step(
                    hart,
                    id,
                    (int) (element >>> 8) & 63,
                    (int) (element >>> 16) & 63,
                    (int) (element >>> 24) & 63,
                    (int) (element >>> 32),
                    block.pcOf(next));
        }
        if (target < 0) {
            left = hart.stalled() ? exact - 1 : exact;
            return true;
        }
        if ((ENDS_BLOCK[id] && (!goesOn || hart.mustLook()))
                || run.leaveRequested()
                || block.epoch == Block.DEAD
                || hart.mmu().fetchEpoch() != epoch
                || hart.mmu().bank() != bank) {
            leave(hart, (int) target, exact - 1);
            return true;
        }
        return false;
    }

    /** Brings icount up to date with the budget. */
    protected final void settle() {
        run.icount(end - left);
    }

    /** As {@link #slow}, for {@link BlockCore}. */
    final boolean slow(Hart hart, Block block, int next, long budget) {
        return slow(hart, block, next, budget, false);
    }

    /** Executes the part of a block that the budget allows. */
    private void stepThrough(Hart hart, Block block) {
        long whole = left - block.length;
        for (int i = 0; i < block.length && left > 0; i++) {
            if (slow(hart, block, i + 1, whole, false)) {
                run.icount(end - left);
                return;
            }
            left = whole + block.length - i - 1;
            hart.pc(block.pcOf(i + 1));
            run.icount(end - left);
        }
    }
}
