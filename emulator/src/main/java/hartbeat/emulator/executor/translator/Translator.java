package hartbeat.emulator.executor.translator;

import hartbeat.emulator.executor.interpreter.Block;
import hartbeat.emulator.executor.interpreter.BlockExecutor;
import hartbeat.emulator.executor.translator.x86.X86BackEnd;
import hartbeat.emulator.hart.Hart;
import hartbeat.emulator.machine.RunState;
import hartbeat.emulator.memory.GuestMemory;
import hartbeat.emulator.memory.PageListener;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.lwjgl.system.Platform;

/**
 * The fast executor: blocks that run often become machine code. What that cannot do at once is done here, with the interpreter's own
 * code; see docs/translator.md for why nothing of it can be seen by the guest.
 */
public final class Translator extends BlockExecutor {
    /**
     * What may be chosen without any difference to the guest.
     *
     * @param codeBytes size of the code memory, a multiple of the host's page size; everything is forgotten when it is full
     * @param threshold how often a block is interpreted before it is translated
     * @param unitBlocks most blocks that are translated as one, 1 to {@link Unit#MAX_BLOCKS}
     */
    public record Options(int codeBytes, int threshold, int unitBlocks) {
        public static final Options USUAL = new Options(32 << 20, 2, Unit.MAX_BLOCKS);
    }

    /** Longest stay in machine code, in instructions: the JVM cannot stop its threads meanwhile. */
    private static final int SLICE = 200_000;

    private static final Block[] NO_JUMPS = noJumps();
    private static final int NO_EXIT = -1;

    private final Options options;
    private final BackEnd backEnd;
    private final Tags tags = new Tags();
    private final Unit unit = new Unit();

    /** Units by number, from 1: the first block (null if killed), its address, the length, the entry, the first exit that leads here. */
    private @Nullable Block[] unitBlocks = new Block[1 << 10];

    private int[] unitPcs = new int[1 << 10];
    private int[] unitLengths = new int[1 << 10];
    private int[] unitEntries = new int[1 << 10];
    private int[] unitIncoming = new int[1 << 10];
    private int units = 1;

    /** By exit: the unit that it leads to, 0 for none, and the next exit that leads to the same. */
    private int[] exitUnits = new int[1 << 10];

    private int[] exitNext = new int[1 << 10];

    /**
     * A translator for this host.
     *
     * @throws CodeMemory.RefusedException if there is no back-end for it, or it does not let us execute what we write
     */
    public static Translator create(RunState run, GuestMemory memory, Options options)
            throws CodeMemory.RefusedException {
        if (Platform.getArchitecture() != Platform.Architecture.X64) {
            throw new CodeMemory.RefusedException(
                    "there is no back-end for this host's architecture, " + Platform.getArchitecture());
        }
        return new Translator(run, memory, new X86BackEnd(CodeMemory.map(options.codeBytes())), options);
    }

    private Translator(RunState run, GuestMemory memory, BackEnd backEnd, Options options) {
        super(run, memory);
        this.backEnd = backEnd;
        this.options = options;
        memory.addPageListener(new PageListener() {
            @Override
            public void memoryClosed() {
                backEnd.close();
            }
        });
    }

    @Override
    protected void execute(Hart hart) {
        Block block = lookup(hart, hart.pc());
        if (block == null) {
            singleStep(hart);
            return;
        }
        if (tags.exhausted()) {
            forgetCode();
            tags.reset();
        }
        if (block.translation() == 0 && block.warm() > options.threshold) {
            translate(hart, block);
        }
        int number = block.translation();
        if (number == 0 || unitLengths[number] > left()) {
            interpret(hart, block);
        } else {
            int tag = tags.of(hart.mmu().fetchEpoch());
            // Whoever came here by a jump, or by code that was killed, need not come again.
            backEnd.jump(block.pc(), tag, unitEntries[number]);
            runCode(hart, backEnd.address(unitEntries[number]), tag);
        }
    }

    /** Runs machine code until something must be seen to; pc, budget and icount are exact then. */
    private void runCode(Hart hart, long start, int tag) {
        long address = start;
        long budget = left();
        backEnd.tag(hart, tag);
        while (true) {
            int slice = (int) Math.min(budget, SLICE);
            long word = backEnd.run(hart, address, slice);
            budget -= slice - (word >>> 32);
            int number = (int) word >>> 2;
            switch ((int) word & 3) {
                case BackEnd.SHORT -> {
                    if (unitLengths[number] > budget || unitBlocks[number] == null) {
                        stop(hart, unitPcs[number], budget);
                        return;
                    }
                    address = backEnd.address(unitEntries[number]);
                }
                case BackEnd.EXIT -> {
                    int target = unit.exitTarget(number);
                    int next = budget == 0 ? 0 : codeAt(hart, target, tag);
                    if (next == 0) {
                        stop(hart, target, budget);
                        return;
                    }
                    link(number, next, tag);
                    address = backEnd.address(unitEntries[next]);
                }
                case BackEnd.JUMP -> {
                    int target = backEnd.jumpTarget(hart);
                    int next = budget == 0 ? 0 : codeAt(hart, target, tag);
                    if (next == 0) {
                        stop(hart, target, budget);
                        return;
                    }
                    backEnd.jump(target, tag, unitEntries[next]);
                    address = backEnd.address(unitEntries[next]);
                }
                default -> {
                    Block block = unit.siteBlock(number);
                    int index = unit.siteIndex(number);
                    // What the interpreter would have left after the whole block.
                    long whole = budget + unit.siteRest(number) - (block.length() - index);
                    boolean onward =
                            Operations.of((int) block.element(index) & 0xff).onward();
                    if (slow(hart, block, index + 1, whole, onward)) {
                        settle();
                        return;
                    }
                    if (unitBlocks[unit.siteUnit(number)] == null) {
                        // What follows in the unit may be what was just written.
                        stop(hart, block.pcOf(index + 1), whole + block.length() - index - 1);
                        return;
                    }
                    address = backEnd.resumeAddress(hart);
                }
            }
        }
    }

    /** The number of the unit at {@code pc}, if there is one already and the fetch translation is still the tag's; else 0. */
    private int codeAt(Hart hart, int pc, int tag) {
        Block block = lookup(hart, pc);
        return block == null || tags.of(hart.mmu().fetchEpoch()) != tag ? 0 : block.translation();
    }

    private void link(int exit, int number, int tag) {
        if (exit >= exitUnits.length) {
            exitUnits = Arrays.copyOf(exitUnits, 2 * exit);
            exitNext = Arrays.copyOf(exitNext, 2 * exit);
        }
        if (exitUnits[exit] != number) {
            if (exitUnits[exit] != 0) {
                takeOut(exit);
            }
            exitUnits[exit] = number;
            exitNext[exit] = unitIncoming[number];
            unitIncoming[number] = exit;
        }
        backEnd.link(exit, unitEntries[number], tag);
    }

    private void takeOut(int exit) {
        int number = exitUnits[exit];
        if (unitIncoming[number] == exit) {
            unitIncoming[number] = exitNext[exit];
            return;
        }
        int before = unitIncoming[number];
        while (exitNext[before] != exit) {
            before = exitNext[before];
        }
        exitNext[before] = exitNext[exit];
    }

    private void translate(Hart hart, Block first) {
        collect(hart, first);
        if (first.dead()) {
            return;
        }
        int entry = backEnd.translate(unit);
        if (entry == BackEnd.FULL) {
            forgetCode();
            collect(hart, first);
            entry = backEnd.translate(unit);
        }
        if (entry == BackEnd.FULL || first.dead()) {
            return;
        }
        note(first, entry);
    }

    private void note(Block first, int entry) {
        int number = units++;
        unitBlocks[number] = first;
        unitPcs[number] = first.pc();
        unitLengths[number] = unit.length();
        unitEntries[number] = entry;
        unitIncoming[number] = NO_EXIT;
        first.translation(number, unit.lines());
    }

    /** Chooses the blocks of the unit that begins with {@code first}: as control goes on if no branch is taken. */
    private void collect(Hart hart, Block first) {
        if (units == unitBlocks.length) {
            unitBlocks = Arrays.copyOf(unitBlocks, 2 * units);
            unitPcs = Arrays.copyOf(unitPcs, 2 * units);
            unitLengths = Arrays.copyOf(unitLengths, 2 * units);
            unitEntries = Arrays.copyOf(unitEntries, 2 * units);
            unitIncoming = Arrays.copyOf(unitIncoming, 2 * units);
        }
        unit.begin(units, first, hart.mmu().inOnePiece());
        Block last = first;
        while (unit.count() < options.unitBlocks && unit.length() < Unit.ENOUGH) {
            int next = Unit.next(last);
            if (next == Unit.NOWHERE || (next ^ first.pc()) >>> 12 != 0 || unit.contains(next)) {
                return;
            }
            Block block = neighbour(hart, first, next);
            if (block == null || block.translation() != 0) {
                // To go on in code that there is already costs less than to write it again.
                return;
            }
            unit.add(block);
            last = block;
        }
    }

    @Override
    protected void forgotten(Block block) {
        int number = block.translation();
        if (number == 0) {
            return;
        }
        block.translation(0, 0);
        unitBlocks[number] = null;
        backEnd.kill(unitEntries[number]);
        for (int exit = unitIncoming[number]; exit != NO_EXIT; exit = exitNext[exit]) {
            backEnd.unlink(exit);
            exitUnits[exit] = 0;
        }
        unitIncoming[number] = NO_EXIT;
    }

    /** Forgets all machine code; decoded blocks stay. */
    private void forgetCode() {
        for (int number = 1; number < units; number++) {
            Block block = unitBlocks[number];
            if (block != null) {
                block.translation(0, 0);
                unitBlocks[number] = null;
            }
        }
        units = 1;
        Arrays.fill(exitUnits, 0);
        unit.clear();
        backEnd.reset();
    }

    @Override
    public void flush() {
        super.flush();
        forgetCode();
    }

    @Override
    protected @Nullable Block follow(Hart hart, Block block, boolean taken, long budget) {
        leave(hart, taken ? block.takenPc() : block.fallPc(), budget);
        return null;
    }

    @Override
    protected @Nullable Block jump(Hart hart, int target, long budget) {
        leave(hart, target, budget);
        return null;
    }

    @Override
    protected Block[] jumps() {
        return NO_JUMPS;
    }
}
