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
 * The fast portable executor: decoded blocks, linked to those that follow.
 *
 * <p>A block's length is charged against the budget when it is entered; a block that is longer than what is left is not entered, but
 * done instruction by instruction. Whatever leaves a block early gives back what was not executed, so that icount is exact
 * wherever it can be seen.
 */
public final class BlockInterpreter implements Executor {
    private static final int JUMPS = 1 << 14;

    private final RunState run;
    private final CodeCache cache;
    private final Block[] jumps = new Block[JUMPS];
    private final boolean[] endsBlock = new boolean[256];

    /** The icount at which the present budget is used up. */
    private long end;

    /** What is left of the budget after {@link BlockCore#execute}. */
    private long left;

    public BlockInterpreter(RunState run, GuestMemory memory) {
        this.run = run;
        cache = new CodeCache(memory);
        Arrays.fill(jumps, Block.NONE);
        for (Instruction instruction : InstructionTable.ALL_INSTRUCTIONS) {
            endsBlock[instruction.id()] = instruction.endsBlock();
        }
    }

    @Override
    public void run(Hart hart, long limit) {
        end = limit;
        while (run.icount() < limit && !hart.waiting()) {
            hart.takeInterrupt();
            Block block = lookup(hart, hart.pc());
            if (block == null) {
                SingleStep.run(run, hart);
            } else {
                left = limit - run.icount();
                if (block.length <= left) {
                    BlockCore.execute(this, hart, block, left);
                    run.icount(end - left);
                } else {
                    stepThrough(hart, block);
                }
            }
            if (run.leaveRequested()) {
                return;
            }
        }
    }

    @Override
    public void flush() {
        cache.flush();
        Arrays.fill(jumps, Block.NONE);
    }

    /** Blocks by virtual address, for indirect jumps. */
    Block[] jumps() {
        return jumps;
    }

    static int jumpIndex(int pc) {
        return pc >>> 1 & JUMPS - 1;
    }

    /** The block at {@code pc}, or null if it must be done step by step; its page is touched as by a fetch. */
    @Nullable
    Block lookup(Hart hart, int pc) {
        long epoch = hart.mmu().fetchEpoch();
        Block known = jumps[jumpIndex(pc)];
        if (known.pc == pc && known.epoch == epoch) {
            return known;
        }
        long physical = hart.mmu().locateFetch(pc);
        if (physical < 0 || !hart.mmu().fetchCacheable(physical)) {
            return null;
        }
        Block block = cache.find(pc, physical);
        if (block != null) {
            block.epoch = hart.mmu().fetchEpoch();
            jumps[jumpIndex(pc)] = block;
        }
        return block;
    }

    /**
     * The block that follows {@code block}, which is then linked.
     *
     * @return null if the budget is used up or there is no such block; the hart's pc is set then
     */
    @Nullable
    Block follow(Hart hart, Block block, boolean taken, long budget) {
        int target = taken ? block.takenPc : block.fallPc;
        Block next = jump(hart, target, budget);
        if (next != null && block.epoch != Block.DEAD) {
            if (taken) {
                block.taken = next;
            } else {
                block.fall = next;
            }
        }
        return next;
    }

    /** The block at an indirect jump's target; as {@link #follow}. A page must not be touched before its instruction's turn. */
    @Nullable
    Block jump(Hart hart, int target, long budget) {
        Block next = budget == 0 ? null : lookup(hart, target);
        if (next == null) {
            leave(hart, target, budget);
        }
        return next;
    }

    /** Ends {@link BlockCore#execute} before the instruction at {@code pc}. */
    void leave(Hart hart, int pc, long budget) {
        hart.pc(pc);
        left = budget;
    }

    /**
     * Executes the instruction before element {@code next} of a block with all that may come of it.
     *
     * @param budget what was left after the whole block was charged
     * @return whether the block must be left; pc and budget are exact then
     */
    boolean slow(Hart hart, Block block, int next, long budget) {
        int index = next - 1;
        long exact = budget + block.length - index;
        run.icount(end - exact);
        hart.pc(block.pcOf(index));
        long epoch = hart.mmu().fetchEpoch();
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
        if (endsBlock[id]
                || run.leaveRequested()
                || block.epoch != epoch
                || hart.mmu().fetchEpoch() != epoch) {
            leave(hart, (int) target, exact - 1);
            return true;
        }
        return false;
    }

    /** Executes the part of a block that the budget allows. */
    private void stepThrough(Hart hart, Block block) {
        long whole = left - block.length;
        for (int i = 0; i < block.length && left > 0; i++) {
            if (slow(hart, block, i + 1, whole)) {
                run.icount(end - left);
                return;
            }
            left = whole + block.length - i - 1;
            hart.pc(block.pcOf(i + 1));
            run.icount(end - left);
        }
    }
}
