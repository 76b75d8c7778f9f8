package hartbeat.devices.board;

import hartbeat.devices.board.boot.BadImageException;
import hartbeat.devices.board.boot.BootImages;
import hartbeat.devices.board.boot.BootPlan;
import hartbeat.devices.clint.Clint;
import hartbeat.devices.htif.Htif;
import hartbeat.devices.plic.Plic;
import hartbeat.devices.rtc.GoldfishRtc;
import hartbeat.devices.syscon.Syscon;
import hartbeat.devices.uart.Uart;
import hartbeat.devices.virtio.EmptySlot;
import hartbeat.devices.virtio.LegacyMmio;
import hartbeat.devices.virtio.ModernMmio;
import hartbeat.devices.virtio.VirtioDevice;
import hartbeat.devices.virtio.VirtioMmio;
import hartbeat.devices.virtio.blk.VirtioBlk;
import hartbeat.devices.virtio.console.VirtioConsole;
import hartbeat.devices.virtio.net.VirtioNet;
import hartbeat.devices.virtio.rng.VirtioRng;
import hartbeat.emulator.bus.Bus;
import hartbeat.emulator.bus.Device;
import hartbeat.emulator.bus.InterruptLine;
import hartbeat.emulator.bus.MmioDevice;
import hartbeat.emulator.executor.Executor;
import hartbeat.emulator.executor.interpreter.BlockInterpreter;
import hartbeat.emulator.hart.Hart;
import hartbeat.emulator.io.Outbox;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.machine.Machine;
import hartbeat.emulator.machine.RunState;
import hartbeat.emulator.memory.GuestMemory;
import hartbeat.emulator.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * Builds a machine from its configuration and images. Virtio devices take the slots from 0 upwards: drives first, then network
 * devices, entropy, console; so the first drive is where a guest expects it that knows QEMU's {@code virtio-mmio-bus.0} only.
 */
public final class VirtBoard {
    private static final int MACHINE_SOFTWARE = 3;
    private static final int MACHINE_TIMER = 7;
    private static final int SUPERVISOR_EXTERNAL = 9;
    private static final int MACHINE_EXTERNAL = 11;

    private final BoardConfig config;
    private final BootPlan plan;
    private final RunState run = new RunState();
    private final Clock clock = new Clock(run);
    private final GuestMemory memory;
    private final Bus bus = new Bus();
    private final List<Hart> harts = new ArrayList<>();
    private final List<Device> devices = new ArrayList<>();
    private final LateOutbox outbox = new LateOutbox();

    /** Devices are made before the machine that takes their outputs. */
    private static final class LateOutbox implements Outbox {
        private @Nullable Outbox target;

        @Override
        public void emit(Output output) {
            if (target == null) {
                throw new IllegalStateException("output while the machine is being built: " + output);
            }
            target.emit(output);
        }
    }

    private VirtBoard(BoardConfig config, BootPlan plan) {
        this.config = config;
        this.plan = plan;
        this.memory = new GuestMemory(config.memoryBytes());
    }

    /**
     * A machine at its first instruction, with the executor that is usual. Close its memory when it is done with.
     *
     * @throws BadImageException if it cannot start from these images
     */
    public static Machine build(BoardConfig config, BootImages images) throws BadImageException {
        return build(config, images, BlockInterpreter::new);
    }

    /** As {@link #build(BoardConfig, BootImages)}, with another executor. */
    public static Machine build(
            BoardConfig config, BootImages images, BiFunction<RunState, GuestMemory, Executor> executors)
            throws BadImageException {
        VirtBoard board = new VirtBoard(config, BootPlan.of(config, images));
        return board.assemble(executors.apply(board.run, board.memory));
    }

    private Machine assemble(Executor executor) {
        for (int id = 0; id < config.harts(); id++) {
            harts.add(new Hart(id, run, clock, memory, bus));
        }
        Plic plic = addControllers();
        attach(MemoryMap.UART, Uart.SIZE, new Uart(DeviceIndexes.UART, plic.source(MemoryMap.UART_IRQ), outbox));
        attach(MemoryMap.RTC, GoldfishRtc.SIZE, new GoldfishRtc(clock, plic.source(MemoryMap.RTC_IRQ)));
        attach(MemoryMap.SYSCON, Syscon.SIZE, new Syscon(outbox));
        attach(MemoryMap.ROM, MemoryMap.ROM_SIZE, new ResetRom(plan.entry(), plan.tree()));
        addVirtio(plic);
        plan.tohost()
                .ifPresent(tohost ->
                        devices.add(new Htif(DeviceIndexes.UART, tohost, plan.fromhost(), memory, clock, outbox)));
        Machine machine = new Machine(new Machine.Parts(run, clock, memory, harts, devices, executor, this::boot));
        outbox.target = machine;
        return machine;
    }

    private Plic addControllers() {
        List<Clint.HartLines> local = new ArrayList<>();
        List<InterruptLine> external = new ArrayList<>();
        for (Hart hart : harts) {
            local.add(new Clint.HartLines(line(hart, MACHINE_SOFTWARE), line(hart, MACHINE_TIMER)));
            external.add(line(hart, MACHINE_EXTERNAL));
            external.add(line(hart, SUPERVISOR_EXTERNAL));
        }
        attach(MemoryMap.CLINT, Clint.SIZE, new Clint(clock, local));
        Plic plic = new Plic(external);
        attach(MemoryMap.PLIC, Plic.SIZE, plic);
        return plic;
    }

    private static InterruptLine line(Hart hart, int bit) {
        return asserted -> hart.interruptLevel(bit, asserted);
    }

    private void addVirtio(Plic plic) {
        List<VirtioDevice> present = new ArrayList<>();
        for (int i = 0; i < config.drives().size(); i++) {
            present.add(new VirtioBlk("blk" + i, config.drives().get(i)));
        }
        for (int i = 0; i < config.nics().size(); i++) {
            present.add(new VirtioNet("net" + i, config.nics().get(i)));
        }
        if (config.rng()) {
            present.add(new VirtioRng("rng"));
        }
        if (config.console()) {
            present.add(new VirtioConsole("console"));
        }
        boolean modern = config.transport() == BoardConfig.Transport.MODERN;
        for (int slot = 0; slot < MemoryMap.VIRTIO_SLOTS; slot++) {
            MmioDevice transport = slot < present.size()
                    ? transport(present.get(slot), modern, plic.source(MemoryMap.VIRTIO_IRQ + slot))
                    : new EmptySlot(modern ? 2 : 1, "slot" + slot);
            attach(MemoryMap.virtio(slot), MemoryMap.VIRTIO_STRIDE, transport);
        }
    }

    private VirtioMmio transport(VirtioDevice device, boolean modern, InterruptLine line) {
        int index = devices.size();
        return modern
                ? new ModernMmio(device, index, memory, line, outbox)
                : new LegacyMmio(device, index, memory, line, outbox);
    }

    private void attach(long base, long size, MmioDevice device) {
        bus.attach(base, size, device);
        devices.add(device);
    }

    private void boot() {
        memory.clear();
        plan.load(memory);
        for (Hart hart : harts) {
            hart.reset((int) MemoryMap.ROM, 0, 0);
        }
    }
}
