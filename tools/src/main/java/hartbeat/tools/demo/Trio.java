package hartbeat.tools.demo;

import hartbeat.ft.run.DiskMode;
import hartbeat.tools.UserError;
import hartbeat.tools.compose.OwnGuest;
import hartbeat.tools.process.Member;
import hartbeat.tools.process.RunDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Switch, primary and backup as three processes of the operating system, started with the very commands that a user would type, in a
 * directory of their own.
 */
final class Trio implements AutoCloseable {
    /** Port of the guest's checking service. */
    static final int SERVICE_PORT = 7000;

    private static final int DISK_MEGABYTES = 16;
    private static final long START_MILLIS = 20_000;
    private static final String DISK_ID = "data";

    private final RunDirectory directory;
    private final DiskMode diskMode;
    private final int servicePort;
    private final Member lanSwitch;
    private final Member primary;
    private final CableRelay cable;
    private final Member backup;
    private final long startedNanos;

    /** Starts all three; returns when each has said that it runs. */
    Trio(OwnGuest guest, RunDirectory directory, DiskMode diskMode) throws IOException, InterruptedException {
        this.directory = directory;
        this.diskMode = diskMode;
        servicePort = freePort();
        int logPort = freePort();
        int cablePort = freePort();
        OwnGuest.makeDisk(primaryDisk(), DISK_MEGABYTES);
        List<AutoCloseable> started = new ArrayList<>();
        try {
            // All three start side by side, as each waits for the others by itself; only the cable must not be there
            // too early.
            startedNanos = System.nanoTime();
            lanSwitch = start(started, "switch", switchCommand());
            primary = start(started, "primary", primaryCommand(guest, logPort));
            backup = start(started, "backup", backupCommand(cablePort));
            require(lanSwitch, "listening");
            require(primary, "listening");
            cable = new CableRelay(cablePort, new InetSocketAddress(InetAddress.getLoopbackAddress(), logPort));
            started.add(cable);
            require(backup, "connected");
        } catch (IOException | InterruptedException | RuntimeException e) {
            directory.keep();
            closeAll(started);
            throw e;
        }
    }

    Member lanSwitch() {
        return lanSwitch;
    }

    Member primary() {
        return primary;
    }

    Member backup() {
        return backup;
    }

    CableRelay cable() {
        return cable;
    }

    /** When the primary's process was started, {@link System#nanoTime}. */
    long startedNanos() {
        return startedNanos;
    }

    /** Where the guest's service is reached from the host. */
    InetSocketAddress service() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), servicePort);
    }

    Path switchSocket() {
        return directory.resolve("lan.sock");
    }

    /** A side's own copy of the disk, or the shared one. */
    Path diskCopy(Member side) {
        return side.equals(primary) || diskMode == DiskMode.SHARED
                ? primaryDisk()
                : backupDisks().resolve(DISK_ID + ".img");
    }

    @Override
    public void close() {
        closeAll(List.of(lanSwitch, primary, cable, backup));
    }

    private Member start(List<AutoCloseable> started, String name, List<String> command) {
        Member member = new Member(name, directory.path(), command);
        started.add(member);
        return member;
    }

    private Member.Status require(Member member, String event) throws InterruptedException {
        Member.@Nullable Status status = member.awaitEvent(event, START_MILLIS);
        if (status != null) {
            return status;
        }
        List<String> log = member.process().lastLogLines(1);
        throw UserError.failed(
                "%s did not start: %s".formatted(member.name(), log.isEmpty() ? "no message" : log.getFirst()),
                "its log is " + directory.resolve(member.name() + ".log"));
    }

    private List<String> switchCommand() {
        return List.of(
                "switch",
                "--listen",
                "unix:" + switchSocket(),
                "--uplink",
                "passt",
                "--forward",
                "127.0.0.1:" + servicePort + "=" + SERVICE_PORT,
                "--status-json",
                "-");
    }

    private List<String> primaryCommand(OwnGuest guest, int logPort) {
        List<String> command = new ArrayList<>(List.of(
                "primary",
                "--kernel",
                guest.kernel().toString(),
                "--initrd",
                guest.initrd().toString(),
                "--append",
                OwnGuest.APPEND,
                "--drive",
                driveOption(),
                "--disk-mode",
                diskMode.name().toLowerCase(Locale.ROOT),
                "--listen",
                "127.0.0.1:" + logPort));
        command.addAll(sideOptions());
        return command;
    }

    private List<String> backupCommand(int cablePort) {
        List<String> command = new ArrayList<>(List.of("backup", "--connect", "127.0.0.1:" + cablePort));
        command.addAll(
                switch (diskMode) {
                    case REPLICATED -> List.of("--disk-dir", backupDisks().toString());
                    case SHARED -> List.of("--drive", driveOption());
                });
        command.addAll(sideOptions());
        return command;
    }

    private String driveOption() {
        return "file=" + primaryDisk() + ",format=raw,id=" + DISK_ID;
    }

    private List<String> sideOptions() {
        return List.of(
                "--net",
                "switch=unix:" + switchSocket(),
                "--arbiter",
                "dir:" + directory.resolve("arbiter"),
                "--status-json",
                "-");
    }

    private Path primaryDisk() {
        return directory.resolve("disk.img");
    }

    private Path backupDisks() {
        return directory.resolve("backup-disks");
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static void closeAll(List<AutoCloseable> things) {
        for (int i = things.size() - 1; i >= 0; i--) {
            try {
                things.get(i).close();
            } catch (Exception e) {
                // One that does not end kindly was killed; the others are still to be ended.
                continue;
            }
        }
    }
}
