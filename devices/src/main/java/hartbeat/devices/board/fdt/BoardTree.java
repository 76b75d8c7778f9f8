package hartbeat.devices.board.fdt;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.MemoryMap;
import hartbeat.devices.clint.Clint;
import hartbeat.devices.plic.Plic;
import hartbeat.devices.rtc.GoldfishRtc;
import hartbeat.devices.syscon.Syscon;
import hartbeat.devices.uart.Uart;
import hartbeat.emulator.time.Clock;

/** The device tree of the board: the nodes of QEMU's riscv32 {@code virt} for all that this board has. */
public final class BoardTree {
    /** What a hart can do, as the {@code riscv,isa} property. */
    public static final String ISA = "rv32imac_zicntr_zicsr_zifencei_sstc";

    private static final int SYSCON_PHANDLE = 1;
    private static final int PLIC_PHANDLE = 2;
    /** Hart n has the CPU phandle {@code 3 + 2n} and the interrupt controller's {@code 4 + 2n}. */
    private static final int FIRST_CPU_PHANDLE = 3;

    private static final int MACHINE_SOFTWARE = 3;
    private static final int MACHINE_TIMER = 7;
    private static final int SUPERVISOR_EXTERNAL = 9;
    private static final int MACHINE_EXTERNAL = 11;

    private final BoardConfig config;
    private final FdtWriter fdt = new FdtWriter();

    private BoardTree(BoardConfig config) {
        this.config = config;
    }

    /**
     * The tree as a blob.
     *
     * @param initrd address of the initial RAM disk
     * @param initrdBytes its length, 0 for none
     */
    public static byte[] generate(BoardConfig config, long initrd, long initrdBytes) {
        BoardTree tree = new BoardTree(config);
        tree.root(initrd, initrdBytes);
        return tree.fdt.toBytes(0);
    }

    private void root(long initrd, long initrdBytes) {
        fdt.begin("").cells("#address-cells", 2).cells("#size-cells", 2);
        fdt.strings("compatible", "riscv-virtio").strings("model", "riscv-virtio,hartbeat");
        chosen(initrd, initrdBytes);
        fdt.begin("memory@%x".formatted(MemoryMap.RAM)).strings("device_type", "memory");
        fdt.wideCells("reg", MemoryMap.RAM, config.memoryBytes()).end();
        cpus();
        finisher("poweroff", "syscon-poweroff", Syscon.PASS);
        finisher("reboot", "syscon-reboot", Syscon.RESET);
        soc();
        fdt.end();
    }

    private void chosen(long initrd, long initrdBytes) {
        fdt.begin("chosen").strings("stdout-path", "/soc/serial@%x".formatted(MemoryMap.UART));
        fdt.strings("bootargs", config.append());
        if (initrdBytes > 0) {
            fdt.wideCells("linux,initrd-start", initrd).wideCells("linux,initrd-end", initrd + initrdBytes);
        }
        fdt.bytes("rng-seed", config.rngSeed().toBytes()).end();
    }

    private void cpus() {
        fdt.begin("cpus").cells("#address-cells", 1).cells("#size-cells", 0);
        fdt.cells("timebase-frequency", (int) Clock.TICKS_PER_SECOND);
        for (int hart = 0; hart < config.harts(); hart++) {
            fdt.begin("cpu@%x".formatted(hart)).cells("phandle", cpu(hart)).strings("device_type", "cpu");
            fdt.cells("reg", hart).strings("status", "okay").strings("compatible", "riscv");
            fdt.strings("riscv,isa", ISA).strings("mmu-type", "riscv,sv32");
            fdt.begin("interrupt-controller").cells("#interrupt-cells", 1).flag("interrupt-controller");
            fdt.strings("compatible", "riscv,cpu-intc").cells("phandle", controller(hart));
            fdt.end().end();
        }
        fdt.begin("cpu-map").begin("cluster0");
        for (int hart = 0; hart < config.harts(); hart++) {
            fdt.begin("core" + hart).cells("cpu", cpu(hart)).end();
        }
        fdt.end().end().end();
    }

    private void finisher(String name, String compatible, int value) {
        fdt.begin(name).strings("compatible", compatible).cells("regmap", SYSCON_PHANDLE);
        fdt.cells("offset", 0).cells("value", value).end();
    }

    private void soc() {
        fdt.begin("soc").cells("#address-cells", 2).cells("#size-cells", 2);
        fdt.strings("compatible", "simple-bus").flag("ranges");
        device("test", MemoryMap.SYSCON, Syscon.SIZE).cells("phandle", SYSCON_PHANDLE);
        fdt.strings("compatible", "sifive,test1", "sifive,test0", "syscon").end();
        device("rtc", MemoryMap.RTC, GoldfishRtc.SIZE).strings("compatible", "google,goldfish-rtc");
        interrupt(MemoryMap.RTC_IRQ).end();
        device("clint", MemoryMap.CLINT, Clint.SIZE).strings("compatible", "sifive,clint0", "riscv,clint0");
        fdt.cells("interrupts-extended", perHart(MACHINE_SOFTWARE, MACHINE_TIMER))
                .end();
        plic();
        device("serial", MemoryMap.UART, Uart.SIZE).strings("compatible", "ns16550a");
        interrupt(MemoryMap.UART_IRQ)
                .cells("clock-frequency", MemoryMap.UART_CLOCK)
                .end();
        for (int slot = 0; slot < MemoryMap.VIRTIO_SLOTS; slot++) {
            device("virtio_mmio", MemoryMap.virtio(slot), MemoryMap.VIRTIO_STRIDE);
            fdt.strings("compatible", "virtio,mmio");
            interrupt(MemoryMap.VIRTIO_IRQ + slot).end();
        }
        fdt.end();
    }

    private void plic() {
        device("plic", MemoryMap.PLIC, Plic.SIZE).cells("phandle", PLIC_PHANDLE);
        fdt.strings("compatible", "sifive,plic-1.0.0", "riscv,plic0").flag("interrupt-controller");
        fdt.cells("#interrupt-cells", 1).cells("#address-cells", 0).cells("riscv,ndev", Plic.SOURCES);
        fdt.cells("interrupts-extended", perHart(MACHINE_EXTERNAL, SUPERVISOR_EXTERNAL))
                .end();
    }

    private FdtWriter device(String name, long address, long size) {
        return fdt.begin("%s@%x".formatted(name, address)).wideCells("reg", address, size);
    }

    private FdtWriter interrupt(int number) {
        return fdt.cells("interrupts", number).cells("interrupt-parent", PLIC_PHANDLE);
    }

    private int[] perHart(int first, int second) {
        int[] cells = new int[4 * config.harts()];
        for (int hart = 0; hart < config.harts(); hart++) {
            cells[4 * hart] = controller(hart);
            cells[4 * hart + 1] = first;
            cells[4 * hart + 2] = controller(hart);
            cells[4 * hart + 3] = second;
        }
        return cells;
    }

    private static int cpu(int hart) {
        return FIRST_CPU_PHANDLE + 2 * hart;
    }

    private static int controller(int hart) {
        return FIRST_CPU_PHANDLE + 2 * hart + 1;
    }
}
