package hartbeat.tools.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.MacAddress;
import hartbeat.devices.board.boot.BootImages;
import hartbeat.devices.host.entropy.EntropyBackend;
import hartbeat.emulator.executor.translator.ExecutorKind;
import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.ft.log.LogAppender;
import hartbeat.ft.log.LogEntry;
import hartbeat.ft.log.host.LogFileReader;
import hartbeat.ft.log.host.LogFileWriter;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.MachineGuest;
import hartbeat.ft.run.PlainRun;
import hartbeat.ft.run.Role;
import hartbeat.ft.run.host.RealTimeLoop;
import hartbeat.tools.ExitCode;
import hartbeat.tools.UserError;
import hartbeat.tools.cli.DriveOption;
import hartbeat.tools.cli.MachineSpec;
import hartbeat.tools.cli.NetOption;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

/** A Linux boot with network and disk traffic, recorded and replayed: equal digests, and a changed input is found. */
final class RecordReplayTest {
    private static final String SCRIPT = """
            #!/bin/sh
            read -t 10 early < /dev/console
            echo "early: $early."
            ping -c 3 -s 1000 10.0.2.2
            wget -q -O /data/page http://10.0.2.2/page
            cat /data/page
            dd if=/dev/urandom of=/data/random bs=64k count=16 2> /dev/null
            sync
            echo 3 > /proc/sys/vm/drop_caches
            md5sum /data/random /data/page
            """;

    @TempDir
    Path directory;

    private final ByteArrayOutputStream console = new ByteArrayOutputStream();

    static boolean guestIsBuilt() {
        return OwnGuest.find() != null;
    }

    private record Recorded(Path log, long icount, Neighbour neighbour) {}

    @Test
    @EnabledIf("guestIsBuilt")
    void aLinuxBootWithNetworkAndDiskTrafficReplaysToEqualDigests() throws Exception {
        Recorded recorded = record();
        String printed = console.toString(StandardCharsets.UTF_8);
        assertThat(printed)
                .as("typed before there was a driver")
                .contains("early: typed ahead of the driver.")
                .contains("3 packets transmitted, 3 packets received")
                .contains(Neighbour.PAGE.strip())
                .contains("/data/random")
                .contains("hartbeat: script exit 0");
        for (Neighbour.Kind kind : Neighbour.Kind.values()) {
            assertThat(recorded.neighbour().answered(kind)).as("%s", kind).isPositive();
        }
        Map<String, Integer> entries = count(recorded.log());
        assertThat(entries).containsKeys("TimeSample", "WallClock", "FrameReceived", "DiskCompletion", "Entropy");
        int digests = entries.get("DigestCheck");
        int inputs = entries.values().stream().mapToInt(Integer::intValue).sum() - digests - entries.get("End");
        assertThat(digests).isGreaterThan(1);

        // What the translator has recorded is the same to the interpreter.
        for (ExecutorKind executor : ExecutorKind.values()) {
            ByteArrayOutputStream again = new ByteArrayOutputStream();
            StringWriter messages = new StringWriter();
            int exitCode = new ReplayMachine(recorded.log(), executor).run(again, new PrintWriter(messages));

            assertThat(exitCode).as("%s", executor).isEqualTo(ExitCode.DONE);
            assertThat(messages.toString())
                    .as("%s", executor)
                    .contains("replayed to icount %d, ".formatted(recorded.icount()))
                    .contains("%d inputs, %d digests equal".formatted(inputs, digests));
            assertThat(again.toString(StandardCharsets.UTF_8))
                    .as("%s", executor)
                    .isEqualTo(printed);
        }

        aByteOfAFrameIsMissed(recorded);
        anInstructionIsMissed(recorded);
    }

    /** A log that holds another byte in the payload of one frame: the guest drops it, or its memory differs at the next digest. */
    private void aByteOfAFrameIsMissed(Recorded recorded) throws IOException {
        assertDivergence(changed(recorded.log(), "byte.log", RecordReplayTest::otherByte));
    }

    /** A log with one input an instruction later than it was: its state at the digest is another. */
    private void anInstructionIsMissed(Recorded recorded) throws IOException {
        assertDivergence(changed(recorded.log(), "icount.log", RecordReplayTest::oneLater));
    }

    private static void assertDivergence(Path log) {
        assertThatThrownBy(() -> new ReplayMachine(log, ExecutorKind.TRANSLATOR)
                        .run(new ByteArrayOutputStream(), new PrintWriter(new StringWriter())))
                .isInstanceOfSatisfying(UserError.class, error -> {
                    assertThat(error.exitCode()).isEqualTo(ExitCode.DIVERGENCE);
                    assertThat(error.line())
                            .contains("divergence: ")
                            .contains("icount=")
                            .contains("position=");
                });
    }

    /** What a breach makes of an entry; the same for an entry that does not suit it. */
    private interface Breach {
        LogEntry of(LogEntry entry, @Nullable LogEntry next);
    }

    private static LogEntry otherByte(LogEntry entry, @Nullable LogEntry next) {
        if (entry instanceof LogEntry.Applied applied
                && applied.input() instanceof Input.FrameReceived frame
                && frame.frame().length > 900) {
            byte[] bytes = frame.frame().clone();
            bytes[bytes.length / 2] ^= 1;
            return new LogEntry.Applied(
                    applied.position(),
                    applied.icount(),
                    new Input.FrameReceived(frame.device(), frame.ticket(), bytes));
        }
        return entry;
    }

    /** Suits a time sample that a digest follows: the clock of a guest that gets it later counts from another instruction. */
    private static LogEntry oneLater(LogEntry entry, @Nullable LogEntry next) {
        if (entry instanceof LogEntry.Applied applied
                && applied.input() instanceof Input.TimeSample
                && next instanceof LogEntry.DigestCheck
                && next.icount() > entry.icount()) {
            return new LogEntry.Applied(applied.position(), applied.icount() + 1, applied.input());
        }
        return entry;
    }

    /** A copy of a log with the breach in it once. */
    private Path changed(Path log, String name, Breach breach) throws IOException {
        Path copy = directory.resolve(name);
        try (LogFileReader reader = new LogFileReader(log);
                LogFileWriter writer = new LogFileWriter(copy, reader.header())) {
            LogAppender appender = new LogAppender(DiskMode.SHARED);
            boolean done = false;
            for (LogEntry entry = reader.peek(); entry != null; entry = reader.peek()) {
                reader.take();
                LogEntry written = done ? entry : breach.of(entry, reader.peek());
                done |= !written.equals(entry);
                append(appender, written);
                byte[] batch = appender.take();
                if (batch != null) {
                    writer.write(batch);
                }
            }
            assertThat(done).isTrue();
        }
        return copy;
    }

    private static void append(LogAppender to, LogEntry entry) {
        switch (entry) {
            case LogEntry.Applied applied -> to.input(applied.icount(), applied.input(), 0);
            case LogEntry.DigestCheck check -> to.digest(check.digest(), 0);
            case LogEntry.End end -> to.end(end.icount(), end.reason(), 0);
            case LogEntry.Marker marker -> to.marker(marker.icount(), 0);
            case LogEntry.DiskCompleted completed ->
                throw new AssertionError("not in a log of this kind: " + completed);
        }
    }

    /** How many there are of each kind of entry, or of input. */
    private static Map<String, Integer> count(Path log) throws IOException {
        Map<String, Integer> counts = new TreeMap<>();
        try (LogFileReader reader = new LogFileReader(log)) {
            for (LogEntry entry = reader.peek(); entry != null; entry = reader.peek()) {
                reader.take();
                Object kind = entry instanceof LogEntry.Applied applied ? applied.input() : entry;
                counts.merge(kind.getClass().getSimpleName(), 1, Integer::sum);
            }
        }
        return counts;
    }

    private Recorded record() throws Exception {
        Path log = directory.resolve("linux.log");
        MachineSpec spec = spec(disk());
        BootImages images = BootFiles.read(spec);
        RealTimeLoop loop = new RealTimeLoop();
        try (Disks disks = Disks.open(spec.drives(), DiskMode.REPLICATED)) {
            BoardConfig config = Configurations.of(spec, disks.configs());
            BuiltMachine built = Boards.build(config, images, spec.executor());
            MachineGuest guest = new MachineGuest(built.machine());
            try (Recording recording = Recording.open(log, config, images, spec, guest);
                    MachineHost host = new MachineHost(guest.devices(), loop::wake, _ -> {})) {
                int card = built.indexes().nics().getFirst();
                Neighbour neighbour = new Neighbour(card, host.sink());
                disks.connect(host, built.indexes().drives());
                host.entropy(built.indexes().rng(), new EntropyBackend(host.sink()));
                host.outside(List.of(card), neighbour);
                host.outside(built.consoles(), new Printed());
                byte[] early = "typed ahead of the driver\n".getBytes(StandardCharsets.US_ASCII);
                assertThat(host.sink()
                                .offer(new Input.ConsoleInput(built.consoles().getFirst(), 0, early)))
                        .isTrue();
                PlainRun run = new PlainRun(guest, host, PlainMachine.wallClock(), recording.recorder());
                Role.Outcome outcome = loop.run(recording.around(run));
                recording.end(outcome);
                assertThat(outcome).isNotNull();
                assertThat(outcome.exitCode()).as(outcome.message()).isEqualTo(ExitCode.DONE);
                return new Recorded(log, guest.icount(), neighbour);
            } finally {
                built.machine().memory().close();
            }
        }
    }

    private MachineSpec spec(Path disk) {
        return new MachineSpec(
                null,
                null,
                "console=ttyS0 hartbeat.run=/data/story",
                new MachineSpec.Bios.Default(),
                64 << 20,
                1,
                false,
                List.of(new DriveOption(disk, false, "disk0")),
                List.of(NetOption.parse("passt")),
                MacAddress.parse("52:54:00:12:34:56"),
                true,
                false,
                ExecutorKind.TRANSLATOR);
    }

    private Path disk() throws IOException, InterruptedException {
        Path content = Files.createDirectory(directory.resolve("content"));
        Path script = Files.writeString(content.resolve("story"), SCRIPT);
        assertThat(script.toFile().setExecutable(true)).isTrue();
        Path disk = directory.resolve("disk.img");
        List<String> recipe = new ArrayList<>();
        recipe.add(Path.of(System.getProperty("hartbeat.root"), "guest-images", "linux", "build")
                .toString());
        recipe.addAll(List.of("--disk", disk.toString(), "8", content.toString()));
        assertThat(new ProcessBuilder(recipe).redirectErrorStream(true).start().waitFor())
                .isZero();
        return disk;
    }

    private final class Printed implements OutsidePort {
        @Override
        public boolean canSend() {
            return true;
        }

        @Override
        public void send(long generation, Emission emission) {
            if (emission.output() instanceof Output.ConsoleOutput output) {
                console.writeBytes(output.bytes());
            }
        }

        @Override
        public void close() {}
    }
}
