package hartbeat.ft.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hartbeat.emulator.io.DiskStatus;
import hartbeat.emulator.io.Input;
import hartbeat.ft.log.host.LogFileReader;
import hartbeat.ft.log.host.LogFileWriter;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.PlainRun;
import hartbeat.ft.run.Role;
import hartbeat.ft.run.StateDigest;
import hartbeat.ft.sim.SimHost;
import hartbeat.ft.sim.SimLan;
import hartbeat.ft.sim.ToyGuest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LogTest {
    private static final long SEED = Long.getLong("hartbeat.seed", 7);
    private static final byte[] DIGEST = new byte[LogHeader.DIGEST_BYTES];

    @TempDir
    Path directory;

    @Test
    void whatIsAppendedIsRead() {
        Random random = new Random(SEED);
        for (int round = 0; round < 200; round++) {
            LogAppender appender = new LogAppender(round % 2 == 0 ? DiskMode.SHARED : DiskMode.REPLICATED);
            List<String> written = new ArrayList<>();
            List<String> read = new ArrayList<>();
            long icount = random.nextLong(1L << 50);
            long previous = 0;
            for (int i = 0; i < 1 + random.nextInt(40); i++) {
                icount += random.nextInt(4) == 0 ? 0 : random.nextLong(1L << random.nextInt(1, 40));
                append(appender, random, icount, written);
                if (random.nextInt(5) == 0) {
                    previous = open(appender, read, previous);
                }
            }
            open(appender, read, previous);
            assertThat(read).as("seed=%d round=%d", SEED, round).isEqualTo(written);
        }
    }

    private static void append(LogAppender appender, Random random, long icount, List<String> written) {
        long position = appender.nextPosition();
        switch (random.nextInt(9)) {
            case 0 -> {
                appender.marker(icount, 0);
                written.add(LogPrinter.line(new LogEntry.Marker(position, icount)));
            }
            case 1 -> {
                StateDigest digest = new StateDigest(
                        icount,
                        List.of(new StateDigest.Part("hart0", random.nextLong()), new StateDigest.Part("memory", 1)));
                appender.digest(digest, 0);
                written.add(LogPrinter.line(new LogEntry.DigestCheck(position, icount, digest)));
            }
            default -> {
                Input input = input(random);
                appender.input(icount, input, 0);
                written.add(
                        appender.disk() == DiskMode.REPLICATED && input instanceof Input.DiskCompletion disk
                                ? LogPrinter.line(new LogEntry.DiskCompleted(
                                        position,
                                        icount,
                                        disk.device(),
                                        disk.request(),
                                        disk.status(),
                                        disk.data().length,
                                        Batch.crc(disk.data(), 0, disk.data().length)))
                                : LogPrinter.line(new LogEntry.Applied(position, icount, input)));
            }
        }
    }

    private static Input input(Random random) {
        byte[] bytes = new byte[14 + random.nextInt(200)];
        random.nextBytes(bytes);
        return switch (random.nextInt(6)) {
            case 0 -> new Input.TimeSample(random.nextLong(), random.nextLong(Long.MAX_VALUE));
            case 1 -> new Input.WallClock(random.nextLong());
            case 2 -> new Input.ConsoleInput(random.nextInt(8), random.nextLong(1000), bytes);
            case 3 -> new Input.FrameReceived(random.nextInt(8), random.nextLong(1L << 40), bytes);
            case 4 ->
                new Input.DiskCompletion(
                        random.nextInt(8), random.nextLong(1L << 40), DiskStatus.values()[random.nextInt(2)], bytes);
            default -> new Input.Entropy(random.nextInt(8), random.nextLong(1L << 40), bytes);
        };
    }

    private static long open(LogAppender appender, List<String> read, long previousIcount) {
        byte[] batch = appender.take();
        if (batch == null) {
            return previousIcount;
        }
        List<LogEntry> entries = Batch.open(batch, read.size() + 1, previousIcount);
        entries.forEach(entry -> read.add(LogPrinter.line(entry)));
        return entries.getLast().icount();
    }

    @Test
    void damagedBatchIsRefusedWhateverByteIsHit() {
        Random random = new Random(SEED);
        LogAppender appender = new LogAppender(DiskMode.SHARED);
        appender.input(100, new Input.TimeSample(1, 2), 0);
        appender.input(200, input(random), 0);
        byte[] batch = appender.take();
        for (int i = 0; i < batch.length; i++) {
            byte[] damaged = batch.clone();
            damaged[i] ^= (byte) (1 << random.nextInt(8));
            assertThatThrownBy(() -> Batch.open(damaged, 1, 0)).as("byte %d", i).isInstanceOf(LogFormatException.class);
        }
        for (int length = 0; length < batch.length; length++) {
            byte[] cut = Arrays.copyOf(batch, length);
            assertThatThrownBy(() -> Batch.open(cut, 1, 0)).isInstanceOf(LogFormatException.class);
        }
    }

    @Test
    void hostileBatchWithAGoodChecksumIsRefusedOrRead() {
        Random random = new Random(SEED);
        for (int i = 0; i < 20_000; i++) {
            byte[] body = new byte[random.nextInt(60)];
            random.nextBytes(body);
            if (body.length > 3) {
                body[0] = 1;
                body[1] = (byte) random.nextInt(4);
            }
            byte[] batch = new VarintWriter()
                    .i32(body.length)
                    .i32(Batch.crc(body, 0, body.length))
                    .raw(body, 0, body.length)
                    .toBytes();
            try {
                assertThat(Batch.open(batch, 1, 0)).isNotEmpty();
            } catch (LogFormatException expected) {
                assertThat(expected.reason()).isNotEmpty();
            }
        }
    }

    @Test
    void entriesAreCheckedAtWriting() {
        LogAppender appender = new LogAppender(DiskMode.SHARED);
        appender.marker(100, 0);
        assertThatThrownBy(() -> appender.marker(99, 0)).hasMessageContaining("icount expected>=100, actual=99");
        assertThatThrownBy(() -> appender.input(100, new Input.FrameReceived(0, 0, new byte[13]), 0))
                .hasMessageContaining("frame bytes expected=14..65550, actual=13");
        assertThatThrownBy(() -> appender.input(100, new Input.TimeSample(0, -1), 0))
                .hasMessageContaining("rate");
    }

    @Test
    void batchOutOfOrderIsRefused() {
        LogAppender appender = new LogAppender(DiskMode.SHARED);
        appender.marker(100, 0);
        appender.take();
        appender.marker(200, 0);
        byte[] second = appender.take();
        assertThatThrownBy(() -> Batch.open(second, 1, 0)).hasMessageContaining("first position expected=1, actual=2");
        assertThatThrownBy(() -> Batch.open(second, 2, 201)).hasMessageContaining("icount expected>=201, actual=200");
    }

    @Test
    void refusalsNameBothSides() {
        byte[] other = DIGEST.clone();
        other[0] = 1;
        LogHeader header = new LogHeader(DIGEST, DiskMode.SHARED, new byte[0]);
        assertThat(LogHeader.decode(header.encode())).isEqualTo(header);
        assertThatThrownBy(() -> header.requireConfiguration(other))
                .hasMessageContaining("expected=00")
                .hasMessageContaining("actual=01");
        byte[] newer = header.encode();
        newer[7] = 9;
        assertThatThrownBy(() -> LogHeader.decode(newer))
                .hasMessageContaining("version expected=2 (this program), actual=9");
        assertThatThrownBy(() -> LogHeader.decode("#!/bin/sh\necho hello".getBytes(StandardCharsets.US_ASCII)))
                .hasMessageContaining("no Hartbeat log");
    }

    @Test
    void recordedRunReplaysToTheSameDigest() throws IOException {
        Path file = directory.resolve("run.log");
        StateDigest recorded = record(file);
        ToyGuest again = new ToyGuest();
        Role.Outcome outcome = replay(again, file);
        assertThat(outcome.exitCode()).as(outcome.message()).isZero();
        assertThat(outcome.message()).contains("2 digests equal; stopped by the test");
        assertThat(again.digest()).isEqualTo(recorded);
    }

    @Test
    void recordingThatWasCutOffReplaysToItsLastWholeBatch() throws IOException {
        Path file = directory.resolve("run.log");
        record(file);
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(SEED);
        for (int i = 0; i < 20; i++) {
            int length = 60 + random.nextInt(whole.length - 60);
            Files.write(file, Arrays.copyOf(whole, length));
            try (LogFileReader reader = new LogFileReader(file)) {
                Replay replay = new Replay(new ToyGuest(), reader, ReplaySource.LocalDisk.NONE, _ -> {});
                while (replay.outcome() == null) {
                    replay.poll(0);
                }
                assertThat(replay.outcome().exitCode()).isZero();
                assertThat(reader.tail())
                        .as("seed=%d length=%d", SEED, length)
                        .contains("log is cut off", "position", "all before is good");
            }
        }
    }

    @Test
    void replayOfAnotherHistoryIsADivergenceThatNamesItsPlace() throws IOException {
        Path file = directory.resolve("run.log");
        record(file);
        ToyGuest other = new ToyGuest();
        other.corruptMemory(3);
        Role.Outcome outcome = replay(other, file);
        assertThat(outcome.exitCode()).isEqualTo(Role.Outcome.DIVERGED);
        assertThat(outcome.message()).contains("digest differs in memory", "icount=", "position=");
    }

    private static Role.Outcome replay(ToyGuest guest, Path file) throws IOException {
        try (LogFileReader reader = new LogFileReader(file)) {
            reader.header().requireConfiguration(DIGEST);
            Replay replay = new Replay(guest, reader, ReplaySource.LocalDisk.NONE, _ -> {});
            while (replay.outcome() == null) {
                replay.poll(0);
            }
            return replay.outcome();
        }
    }

    /** Half a second of a plain run, recorded with its disk's data. */
    private static StateDigest record(Path file) throws IOException {
        ToyGuest guest = new ToyGuest();
        SimLan lan = new SimLan();
        SimHost host = new SimHost("plain", lan, new byte[64 * 512], SEED);
        lan.connect(host);
        try (LogFileWriter writer = new LogFileWriter(file, new LogHeader(DIGEST, DiskMode.SHARED, new byte[] {1}))) {
            FileRecorder recorder = new FileRecorder(DiskMode.SHARED, batch -> {
                try {
                    writer.write(batch);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            PlainRun run = new PlainRun(guest, host, new Input.WallClock(5), recorder);
            for (long now = 1_000_000; now < 500_000_000; now += 200_000) {
                host.now(now);
                lan.now(now);
                if (now % 5_000_000 == 0) {
                    lan.request();
                }
                if (now == 250_000_000) {
                    recorder.digest(guest.digest(), now);
                }
                run.poll(now);
            }
            StateDigest last = guest.digest();
            recorder.digest(last, 500_000_000);
            recorder.end(guest.icount(), "stopped by the test", 500_000_000);
            assertThat(lan.answers()).hasSizeGreaterThan(50);
            return lastDigestOf(guest);
        }
    }

    /** Digests are chained: the replay's digest after its last check is compared with this one. */
    private static StateDigest lastDigestOf(ToyGuest guest) {
        return guest.digest();
    }
}
