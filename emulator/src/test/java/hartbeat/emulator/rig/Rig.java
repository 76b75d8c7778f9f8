package hartbeat.emulator.rig;

import hartbeat.emulator.bus.Bus;
import hartbeat.emulator.bus.Device;
import hartbeat.emulator.executor.Executor;
import hartbeat.emulator.executor.interpreter.BlockInterpreter;
import hartbeat.emulator.executor.interpreter.StepExecutor;
import hartbeat.emulator.executor.translator.CodeMemory;
import hartbeat.emulator.executor.translator.Translator;
import hartbeat.emulator.hart.Hart;
import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.machine.Machine;
import hartbeat.emulator.machine.RunState;
import hartbeat.emulator.machine.Stop;
import hartbeat.emulator.memory.GuestMemory;
import hartbeat.emulator.state.StateWriter;
import hartbeat.emulator.time.Clock;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A small machine for the emulator's own tests: RAM, a console at 0x10000000 and a CLINT at 0x2000000. */
public final class Rig implements AutoCloseable {
    public static final int CONSOLE = 0x1000_0000;
    public static final int CLINT = 0x0200_0000;

    /** Which executor a rig runs its harts with. */
    public enum Kind {
        STEP,
        BLOCK,
        TRANSLATOR
    }

    private final RunState run = new RunState();
    private final Bus bus = new Bus();
    private final Clock clock = new Clock(run);
    private final GuestMemory memory;
    private final List<Hart> harts = new ArrayList<>();
    private final Machine machine;
    private final StringBuilder printed = new StringBuilder();
    private final OutboxLater outbox = new OutboxLater();
    private long rate;
    private boolean skipIdle;
    private byte[] image = new byte[0];
    private long imageAddress = GuestMemory.BASE;
    private int entry = (int) GuestMemory.BASE;

    /** Devices are made before the machine that takes their outputs. */
    private static final class OutboxLater implements hartbeat.emulator.io.Outbox {
        private Machine machine;

        @Override
        public void emit(Output output) {
            machine.emit(output);
        }
    }

    public Rig(Kind kind, int hartCount, long memoryBytes) {
        this(kind, hartCount, memoryBytes, Translator.Options.USUAL);
    }

    /** A rig with the translator. */
    public Rig(Translator.Options options, int hartCount, long memoryBytes) {
        this(Kind.TRANSLATOR, hartCount, memoryBytes, options);
    }

    private Rig(Kind kind, int hartCount, long memoryBytes, Translator.Options options) {
        memory = new GuestMemory(memoryBytes);
        for (int i = 0; i < hartCount; i++) {
            harts.add(new Hart(i, run, clock, memory, bus));
        }
        Console console = new Console(outbox);
        Clint clint = new Clint(clock, harts);
        clock.register(clint);
        bus.attach(CONSOLE & 0xffff_ffffL, 0x1000, console);
        bus.attach(CLINT, 0x10000, clint);
        Executor executor = switch (kind) {
            case STEP -> new StepExecutor(run);
            case BLOCK -> new BlockInterpreter(run, memory);
            case TRANSLATOR -> translator(options);
        };
        List<Device> devices = List.of(console, clint);
        machine = new Machine(new Machine.Parts(run, clock, memory, harts, devices, executor, this::boot));
        outbox.machine = machine;
    }

    private Executor translator(Translator.Options options) {
        try {
            return Translator.create(run, memory, options);
        } catch (CodeMemory.RefusedException e) {
            throw new AssertionError("these tests need a host that the translator can write code for", e);
        }
    }

    /** A rig with one hart and 16 MB that starts with this code at the beginning of RAM. */
    public static Rig with(Kind kind, int[] code) {
        Rig rig = new Rig(kind, 1, 16 << 20);
        rig.load(code);
        return rig;
    }

    /** Puts code at the beginning of RAM and starts there, as after power-on. */
    public void load(int[] code) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * code.length).order(ByteOrder.LITTLE_ENDIAN);
        buffer.asIntBuffer().put(code);
        load(buffer.array(), GuestMemory.BASE, (int) GuestMemory.BASE);
    }

    public void load(byte[] bytes, long address, int entryPc) {
        image = bytes;
        imageAddress = address;
        entry = entryPc;
        boot();
    }

    /** Loads the segments of a 32-bit ELF and starts at its entry; a store to its symbol {@code tohost} ends the run. */
    public void loadElf(byte[] file) {
        ByteBuffer elf = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        int table = elf.getInt(28);
        byte[] flat = new byte[0];
        for (int i = 0; i < elf.getShort(44); i++) {
            int header = table + i * 32;
            if (elf.getInt(header) == 1) {
                int offset = (int) ((elf.getInt(header + 12) & 0xffff_ffffL) - GuestMemory.BASE);
                int size = elf.getInt(header + 16);
                flat = Arrays.copyOf(flat, Math.max(flat.length, offset + size));
                elf.get(elf.getInt(header + 4), flat, offset, size);
            }
        }
        load(flat, GuestMemory.BASE, elf.getInt(24));
        long tohost = symbol(elf, "tohost");
        if (tohost != 0) {
            memory.watch(
                    tohost, 4, (address, length) -> outbox.emit(new Output.PowerOff(memory.i32(tohost), "tohost")));
        }
    }

    private static long symbol(ByteBuffer elf, String name) {
        int sections = elf.getInt(32);
        for (int i = 0; i < elf.getShort(48); i++) {
            int header = sections + i * 40;
            if (elf.getInt(header + 4) == 2) {
                int strings = elf.getInt(sections + elf.getInt(header + 24) * 40 + 16);
                int first = elf.getInt(header + 16);
                for (int at = first; at < first + elf.getInt(header + 20); at += 16) {
                    if (text(elf, strings + elf.getInt(at)).equals(name)) {
                        return elf.getInt(at + 4) & 0xffff_ffffL;
                    }
                }
            }
        }
        return 0;
    }

    private static String text(ByteBuffer elf, int at) {
        int end = at;
        while (elf.get(end) != 0) {
            end++;
        }
        return new String(elf.array(), at, end - at, StandardCharsets.US_ASCII);
    }

    private void boot() {
        memory.clear();
        memory.write(imageAddress, image, 0, image.length);
        for (Hart hart : harts) {
            hart.reset(entry, hart.id(), 0);
        }
    }

    public Machine machine() {
        return machine;
    }

    public GuestMemory memory() {
        return memory;
    }

    public Hart hart() {
        return harts.getFirst();
    }

    /** Register of hart 0. */
    public int x(int number) {
        return hart().registers()[number];
    }

    /** CSR of hart 0, as an int. */
    public int csr(int number) {
        return (int) hart().peekCsr(number);
    }

    /** What the guest has printed so far. */
    public String printed() {
        return printed.toString();
    }

    /** Everything that is saved except memory, as bytes. */
    public byte[] stateWithoutMemory() {
        StateWriter writer = new StateWriter();
        machine.parts().forEach(part -> part.save(writer));
        return writer.toBytes();
    }

    /** Time runs with this many ticks per instruction, times 2^32. */
    public void rate(long newRate) {
        rate = newRate;
        machine.apply(new Input.TimeSample(machine.clock().mtime(), rate));
    }

    /** Lets time jump to the next deadline when all harts wait, as a live source does. */
    public void skipIdle() {
        skipIdle = true;
    }

    /** Runs {@code count} instructions more, taking outputs on the way. */
    public Stop run(long count) {
        long limit = machine.icount() + count;
        while (true) {
            Stop stop = machine.runUntil(limit);
            for (Emission emission = machine.pollOutput(); emission != null; emission = machine.pollOutput()) {
                if (emission.output() instanceof Output.ConsoleOutput output) {
                    printed.append(new String(output.bytes(), StandardCharsets.ISO_8859_1));
                }
            }
            long deadline = machine.clock().deadlineMtime();
            if (stop == Stop.IDLE && skipIdle && deadline != -1L) {
                machine.apply(new Input.TimeSample(deadline, rate));
            } else if (stop != Stop.OUTPUT) {
                return stop;
            }
        }
    }

    @Override
    public void close() {
        memory.close();
    }
}
