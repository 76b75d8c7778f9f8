package hartbeat.devices.board.boot;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.MemoryMap;
import hartbeat.devices.board.fdt.BoardTree;
import hartbeat.emulator.memory.GuestMemory;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * What is put where in memory at power-on, checked as a whole before there is a machine.
 *
 * <pre>
 *   0x80000000  firmware                    or, without firmware, the kernel, entered in M-mode
 *   0x80400000  S-mode kernel
 *   kernel + min(memory / 2, 128 MiB)       initrd; right behind the kernel where memory is small
 *   near the end of memory                  device tree
 * </pre>
 */
public final class BootPlan {
    private static final long MEBIBYTE = 1L << 20;
    private static final long INITRD_DISTANCE = 128 * MEBIBYTE;
    /** Linux maps the device tree before it knows its memory, by 2 MiB pages; beyond 3 GiB guests are not sure to reach it. */
    private static final long TREE_ALIGNMENT = 2 * MEBIBYTE;

    private static final long TREE_LIMIT = 3072 * MEBIBYTE;
    private static final long SMALL_MEMORY = 16 * MEBIBYTE;

    private final BoardConfig config;
    private final List<Piece> pieces = new ArrayList<>();
    private long entry;
    private long tree;
    private byte[] treeBytes = {};
    private OptionalLong tohost = OptionalLong.empty();
    private OptionalLong fromhost = OptionalLong.empty();

    /** Bytes of an image for an address; {@code memoryBytes} counts the zeroes behind them too. */
    private record Piece(String what, long address, long memoryBytes, byte[] source, int offset, int length) {
        long end() {
            return address + memoryBytes;
        }
    }

    private BootPlan(BoardConfig config) {
        this.config = config;
    }

    /**
     * Lays out memory.
     *
     * @throws BadImageException if the images are not for this machine, damaged, or too large for its memory
     */
    public static BootPlan of(BoardConfig config, BootImages images) throws BadImageException {
        BootPlan plan = new BootPlan(config);
        if (images.bios().length > 0) {
            plan.entry = plan.addBios(images.bios());
            if (images.kernel().length > 0) {
                plan.addKernelUnderFirmware(images.kernel());
            }
        } else if (images.kernel().length > 0) {
            plan.entry = plan.addKernel(images.kernel(), MemoryMap.RAM);
        } else {
            throw new BadImageException(
                    "kernel: neither firmware nor kernel is given; name one with --kernel or --bios");
        }
        plan.addInitrdAndTree(images.initrd());
        plan.checkOverlaps();
        return plan;
    }

    /** Where hart 0 leaves the reset ROM for. */
    public long entry() {
        return entry;
    }

    /** Address of the device tree. */
    public long tree() {
        return tree;
    }

    /** The device tree as a blob, as {@code --dumpdtb} writes it. */
    public byte[] treeBytes() {
        return treeBytes.clone();
    }

    /** Physical address of the symbol {@code tohost}, if an ELF image has one. */
    public OptionalLong tohost() {
        return tohost;
    }

    /** Physical address of the symbol {@code fromhost} of the ELF image that has {@code tohost}, if it has one. */
    public OptionalLong fromhost() {
        return fromhost;
    }

    /** Puts everything into cleared memory. */
    public void load(GuestMemory memory) {
        for (Piece piece : pieces) {
            memory.write(piece.address(), piece.source(), piece.offset(), piece.length());
        }
    }

    private long addBios(byte[] bios) throws BadImageException {
        ImageKind kind = ImageKind.of(bios);
        return switch (kind) {
            case ELF -> addElf("bios", bios);
            case UNKNOWN -> {
                add(new Piece("bios", MemoryMap.RAM, bios.length, bios, 0, bios.length));
                yield MemoryMap.RAM;
            }
            default ->
                throw new BadImageException(
                        "bios: the file is %s; give M-mode firmware as ELF or raw binary".formatted(kind.described()));
        };
    }

    private void addKernelUnderFirmware(byte[] kernel) throws BadImageException {
        long kernelEntry = addKernel(kernel, MemoryMap.KERNEL);
        if (kernelEntry != MemoryMap.KERNEL) {
            throw new BadImageException(
                    "kernel: entry point: expected=0x%x under firmware, actual=0x%x; link it there, or start it in M-mode with --bios none"
                            .formatted(MemoryMap.KERNEL, kernelEntry));
        }
    }

    private long addKernel(byte[] kernel, long address) throws BadImageException {
        ImageKind kind = ImageKind.of(kernel);
        if (kind == ImageKind.ELF) {
            return addElf("kernel", kernel);
        }
        if (kind != ImageKind.LINUX_RISCV) {
            throw new BadImageException("kernel: the file is %s; %s"
                    .formatted(
                            kind.described(),
                            kind.compressed()
                                    ? "decompress it first"
                                    : "give a RISC-V (RV32) Linux Image or ELF file as --kernel"));
        }
        add(new Piece("kernel", address, LinuxImage.memoryBytes(kernel), kernel, 0, kernel.length));
        return address;
    }

    private long addElf(String what, byte[] image) throws BadImageException {
        ElfFile elf = new ElfFile(what, image);
        for (ElfFile.Load load : elf.loads()) {
            add(new Piece(what, load.physical(), load.memoryBytes(), image, load.offset(), load.fileBytes()));
        }
        OptionalLong symbol = elf.symbol("tohost", 8);
        if (symbol.isPresent()) {
            tohost = symbol;
            fromhost = elf.symbol("fromhost", 8);
        }
        return elf.entry();
    }

    private void add(Piece piece) throws BadImageException {
        if (piece.address() < MemoryMap.RAM || piece.end() > memoryEnd()) {
            throw new BadImageException("%s: 0x%x..0x%x is not within memory 0x%x..0x%x; %s"
                    .formatted(
                            piece.what(),
                            piece.address(),
                            piece.end(),
                            MemoryMap.RAM,
                            memoryEnd(),
                            piece.address() < MemoryMap.RAM || piece.address() >= memoryEnd()
                                    ? "link it for RAM at 0x80000000"
                                    : "give the machine more --memory"));
        }
        pieces.add(piece);
    }

    private void addInitrdAndTree(byte[] initrd) throws BadImageException {
        if (initrd.length > 0) {
            InitrdCheck.check(initrd);
        }
        // The blob's length does not depend on where the initrd lies.
        long treeLength = BoardTree.generate(config, 0, initrd.length).length;
        long alignment = config.memoryBytes() < SMALL_MEMORY ? GuestMemory.PAGE_SIZE : TREE_ALIGNMENT;
        tree = (Math.min(memoryEnd(), TREE_LIMIT) - treeLength) & -alignment;
        long initrdAt = initrd.length > 0 ? initrdAddress(initrd.length) : 0;
        if (initrd.length > 0) {
            add(new Piece("initrd", initrdAt, initrd.length, initrd, 0, initrd.length));
        }
        treeBytes = BoardTree.generate(config, initrdAt, initrd.length);
        add(new Piece("device tree", tree, treeBytes.length, treeBytes, 0, treeBytes.length));
    }

    private long initrdAddress(int length) throws BadImageException {
        long occupiedEnd = MemoryMap.RAM;
        for (Piece piece : pieces) {
            occupiedEnd = Math.max(occupiedEnd, piece.end());
        }
        long behindKernel = Math.ceilDiv(occupiedEnd, GuestMemory.PAGE_SIZE) * GuestMemory.PAGE_SIZE;
        long usual = MemoryMap.KERNEL + Math.min(config.memoryBytes() / 2, INITRD_DISTANCE);
        for (long candidate : new long[] {Math.max(usual, behindKernel), behindKernel}) {
            if (candidate + length <= tree) {
                return candidate;
            }
        }
        throw new BadImageException(
                "initrd: %d bytes do not fit between the kernel (ends at 0x%x) and the device tree (0x%x); "
                                .formatted(length, occupiedEnd, tree)
                        + "give the machine more --memory");
    }

    private void checkOverlaps() throws BadImageException {
        for (int i = 0; i < pieces.size(); i++) {
            for (int j = i + 1; j < pieces.size(); j++) {
                Piece one = pieces.get(i);
                Piece other = pieces.get(j);
                if (one.address() < other.end() && other.address() < one.end()) {
                    throw new BadImageException(
                            "%s 0x%x..0x%x overlaps %s 0x%x..0x%x; give the machine more --memory or link them apart"
                                    .formatted(
                                            one.what(),
                                            one.address(),
                                            one.end(),
                                            other.what(),
                                            other.address(),
                                            other.end()));
                }
            }
        }
    }

    private long memoryEnd() {
        return MemoryMap.RAM + config.memoryBytes();
    }
}
