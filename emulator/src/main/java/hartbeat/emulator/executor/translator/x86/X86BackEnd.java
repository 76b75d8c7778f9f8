package hartbeat.emulator.executor.translator.x86;

import hartbeat.emulator.executor.translator.BackEnd;
import hartbeat.emulator.executor.translator.CodeMemory;
import hartbeat.emulator.executor.translator.HostCall;
import hartbeat.emulator.executor.translator.Unit;
import hartbeat.emulator.hart.Hart;
import hartbeat.emulator.memory.HostMemory;
import hartbeat.emulator.mmu.AccessTable;
import hartbeat.emulator.mmu.Mmu;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * x86-64. Machine code is entered through a critical downcall, which may look at the heap: the guest's registers and the access
 * tables are the very arrays that the interpreter uses, so there is nothing to copy and nothing that could differ.
 */
public final class X86BackEnd implements BackEnd {
    /** Room that must be left for the largest unit. */
    private static final int MARGIN = 64 << 10;

    private final CodeMemory memory;
    private final Assembler assembler;
    private final Stubs stubs;
    private final UnitWriter writer;
    private final MemorySegment enter;
    private Context[] contexts = new Context[0];

    /** A hart's arrays, as the linker wants them. */
    private record Context(MemorySegment registers, MemorySegment[] tables) {
        static Context of(Hart hart) {
            MemorySegment[] tables = new MemorySegment[Mmu.BANKS];
            for (int bank = 0; bank < tables.length; bank++) {
                tables[bank] = MemorySegment.ofArray(hart.mmu().accessTables())
                        .asSlice(8L * AccessTable.LENGTH * bank, 8L * AccessTable.LENGTH);
            }
            return new Context(MemorySegment.ofArray(hart.registers()), tables);
        }
    }

    public X86BackEnd(CodeMemory memory) {
        this.memory = memory;
        assembler = new Assembler(memory.writable());
        stubs = new Stubs(assembler);
        writer = new UnitWriter(assembler, stubs);
        enter = MemorySegment.ofAddress(memory.executable() + stubs.enter);
    }

    @Override
    public int translate(Unit unit) {
        return assembler.position() + MARGIN > memory.size() ? FULL : writer.write(unit);
    }

    @Override
    public void link(int exit, int entry, int tag) {
        writer.exits().link(exit, entry, tag);
    }

    @Override
    public void unlink(int exit) {
        writer.exits().unlink(exit);
    }

    @Override
    public void kill(int entry) {
        writer.kill(entry);
    }

    @Override
    public void jump(int pc, int tag, int entry) {
        long at = memory.writable() + Stubs.jumpEntry(pc, Stubs.hash(tag));
        HostMemory.i64(at, (long) tag << 32 | pc & 0xffff_ffffL);
        HostMemory.i64(at + 8, address(entry));
    }

    @Override
    public void tag(Hart hart, int tag) {
        int[] registers = hart.registers();
        registers[State.TAG] = 0;
        registers[State.TAG + 1] = tag;
        registers[State.HASH] = Stubs.hash(tag);
        registers[State.RAM] = (int) hart.mmu().hostOffset();
    }

    @Override
    public void reset() {
        for (int at = 0; at < stubs.enter; at += 8) {
            HostMemory.i64(memory.writable() + at, 0);
        }
        assembler.position(stubs.end);
    }

    @Override
    public long run(Hart hart, long address, int budget) {
        Context context = context(hart);
        int bank = hart.mmu().bank();
        int[] registers = hart.registers();
        registers[State.PENDING] = hart.enabledPending();
        registers[State.BANK] = bank;
        long word = HostCall.call(enter, context.registers, context.tables[bank], address, budget);
        if (registers[State.BANK] != bank) {
            hart.statusWritten();
        }
        return word;
    }

    private Context context(Hart hart) {
        if (hart.id() >= contexts.length) {
            contexts = Arrays.copyOf(contexts, hart.id() + 1);
        }
        Context context = contexts[hart.id()];
        if (context == null) {
            context = Context.of(hart);
            contexts[hart.id()] = context;
        }
        return context;
    }

    @Override
    public long address(int entry) {
        return memory.executable() + entry;
    }

    @Override
    public int jumpTarget(Hart hart) {
        return hart.registers()[State.JUMP];
    }

    @Override
    public long resumeAddress(Hart hart) {
        int[] registers = hart.registers();
        return registers[State.RESUME] & 0xffff_ffffL | (long) registers[State.RESUME + 1] << 32;
    }

    @Override
    public int used() {
        return assembler.position();
    }

    @Override
    public void close() {
        memory.close();
    }
}
