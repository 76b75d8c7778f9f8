package hartbeat.emulator.executor.interpreter;

import hartbeat.emulator.hart.Hart;
import hartbeat.emulator.machine.RunState;
import hartbeat.emulator.memory.GuestMemory;
import org.jspecify.annotations.Nullable;

/** The fast portable executor: decoded blocks, linked to those that follow. */
public final class BlockInterpreter extends BlockExecutor {
    public BlockInterpreter(RunState run, GuestMemory memory) {
        super(run, memory);
    }

    @Override
    protected void execute(Hart hart) {
        Block block = lookup(hart, hart.pc());
        if (block == null) {
            singleStep(hart);
        } else {
            interpret(hart, block);
        }
    }

    @Override
    protected @Nullable Block follow(Hart hart, Block block, boolean taken, long budget) {
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

    @Override
    protected @Nullable Block jump(Hart hart, int target, long budget) {
        Block next = budget == 0 ? null : lookup(hart, target);
        if (next == null) {
            leave(hart, target, budget);
        }
        return next;
    }

    @Override
    protected Block[] jumps() {
        return known();
    }
}
