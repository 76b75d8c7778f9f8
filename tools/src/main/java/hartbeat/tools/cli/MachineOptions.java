package hartbeat.tools.cli;

import hartbeat.devices.board.MacAddress;
import hartbeat.tools.UserError;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Options that say what machine to build, spelled as QEMU users know them. */
public final class MachineOptions {
    private static final int MAX_HARTS = 8;
    private static final int MAX_VIRTIO = 8;

    @Option(
            names = {"-kernel", "--kernel"},
            paramLabel = "FILE",
            description = "Linux Image, or an ELF (RV32). Default: the Linux guest that ./hartbeat guest builds.")
    @Nullable
    Path kernel;

    @Option(
            names = {"-initrd", "--initrd"},
            paramLabel = "FILE",
            description = "Initial RAM disk, usually a cpio archive, may be compressed.")
    @Nullable
    Path initrd;

    @Option(
            names = {"-append", "--append"},
            paramLabel = "TEXT",
            description = "The kernel's command line.")
    @Nullable
    String append;

    @Option(
            names = {"-bios", "--bios"},
            paramLabel = "default|none|FILE",
            defaultValue = "default",
            description = "M-mode firmware: ours (default), none (the kernel is entered in M-mode), or a file.")
    String bios = "default";

    @Option(
            names = {"-m", "-memory", "--memory"},
            paramLabel = "SIZE",
            defaultValue = "128M",
            description = "Guest RAM, 1M to 2047M (default: ${DEFAULT-VALUE}).")
    String memory = "128M";

    @Option(
            names = {"-smp", "--smp"},
            paramLabel = "N",
            defaultValue = "1",
            description = "Harts, 1 to 8; they run in turn (default: ${DEFAULT-VALUE}).")
    int harts = 1;

    @Option(
            names = {"-drive", "--drive"},
            paramLabel = "file=FILE[,..]",
            description = "A virtio disk: file=FILE,format=raw,readonly=on,id=NAME. May be given several times.")
    List<String> drives = new ArrayList<>();

    @Option(
            names = {"-net", "--net"},
            paramLabel = "KIND[,..]",
            description = {
                "A virtio network interface: switch=unix:PATH, switch=tcp:HOST:PORT,",
                "stream,addr.type=unix,addr.path=PATH, passt[,forward=127.0.0.1:8080=80], tap[,ifname=NAME],",
                "or none (default). May be given several times."
            })
    List<String> nets = new ArrayList<>();

    @Option(
            names = {"--mac"},
            paramLabel = "MAC",
            defaultValue = "52:54:00:12:34:56",
            description = "Address of the first network interface (default: ${DEFAULT-VALUE}).")
    String mac = "52:54:00:12:34:56";

    @Option(
            names = {"--virtio"},
            paramLabel = "modern|legacy",
            defaultValue = "modern",
            description = "Form of the virtio-mmio transports (default: ${DEFAULT-VALUE}); xv6 wants legacy.")
    String virtio = "modern";

    @Option(
            names = {"--rng"},
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            description = "With or without a virtio-rng (default: with).")
    boolean rng = true;

    @Option(
            names = {"--virtio-console"},
            negatable = true,
            description = "With or without a virtio-console beside the UART (default: without).")
    boolean virtioConsole;

    @Option(
            names = {"--dumpdtb"},
            paramLabel = "FILE",
            description = "Write the device tree to a file and end.")
    @Nullable
    Path dumpDtb;

    @Mixin
    final ExecutorOption executor = new ExecutorOption();

    /** As {@link DirectLine.Taker#take}. */
    boolean take(String option, DirectLine line) {
        switch (option) {
            case "--kernel" -> kernel = Path.of(line.text());
            case "--initrd" -> initrd = Path.of(line.text());
            case "--append" -> append = line.text();
            case "--bios" -> bios = line.text();
            case "--memory" -> memory = line.text();
            case "--smp" -> harts = Integer.parseInt(line.text());
            case "--drive" -> drives.add(line.text());
            case "--net" -> nets.add(line.text());
            case "--mac" -> mac = line.text();
            case "--virtio" -> virtio = line.text();
            case "--rng" -> rng = true;
            case "--no-rng" -> rng = false;
            case "--virtio-console" -> virtioConsole = true;
            default -> {
                return executor.take(option, line);
            }
        }
        return true;
    }

    /** Reads all options and checks what can be checked without opening a file. */
    MachineSpec spec() {
        if (harts < 1 || harts > MAX_HARTS) {
            throw UserError.usage("--smp: expected=1 to %d, actual=%d".formatted(MAX_HARTS, harts), "for example 1");
        }
        List<DriveOption> parsedDrives = new ArrayList<>();
        for (String drive : drives) {
            parsedDrives.add(DriveOption.parse(drive, parsedDrives.size()));
        }
        List<NetOption> parsedNets = new ArrayList<>();
        for (String net : nets) {
            NetOption parsed = NetOption.parse(net);
            if (!(parsed instanceof NetOption.None)) {
                parsedNets.add(parsed);
            }
        }
        int transports = parsedDrives.size() + parsedNets.size() + (rng ? 1 : 0) + (virtioConsole ? 1 : 0);
        if (transports > MAX_VIRTIO) {
            throw UserError.usage(
                    "too many virtio devices: expected=%d at most, actual=%d".formatted(MAX_VIRTIO, transports),
                    "leave out a --drive or a --net, or add --no-rng");
        }
        return new MachineSpec(
                kernel,
                initrd,
                append,
                MachineSpec.Bios.parse(bios),
                Sizes.memory(memory),
                harts,
                legacy(),
                List.copyOf(parsedDrives),
                List.copyOf(parsedNets),
                macAddress(),
                rng,
                virtioConsole,
                executor.kind());
    }

    private MacAddress macAddress() {
        try {
            return MacAddress.parse(mac);
        } catch (IllegalArgumentException e) {
            throw UserError.usage("--mac: " + e.getMessage(), "for example 52:54:00:12:34:56");
        }
    }

    private boolean legacy() {
        return switch (virtio) {
            case "modern" -> false;
            case "legacy" -> true;
            default ->
                throw UserError.usage("--virtio: expected=modern or legacy, actual=" + virtio, "xv6 wants legacy");
        };
    }
}
