package hartbeat.fuzz.readers;

import hartbeat.emulator.io.DiskStatus;
import hartbeat.emulator.io.Input;
import hartbeat.ft.log.LogAppender;
import hartbeat.ft.log.LogFormatException;
import hartbeat.ft.log.LogHeader;
import hartbeat.ft.log.LogPrinter;
import hartbeat.ft.log.host.LogFileReader;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.StateDigest;
import hartbeat.fuzz.Target;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** A recording: header, then batches, all of it with the right checksums; or as it stands. */
public final class LogTarget implements Target {
    @Override
    public String name() {
        return "log";
    }

    @Override
    public String about() {
        return "recordings: header, batches, entries";
    }

    @Override
    public void test(byte[] input) throws IOException {
        Bytes in = new Bytes(input);
        boolean sealed = (in.u8() & 1) == 1;
        read(sealed ? sealed(in) : in.rest());
    }

    private static byte[] sealed(Bytes in) {
        byte[] header = in.take(in.u16());
        byte[] whole = Bytes.joined(
                Arrays.copyOf(
                        new LogHeader(new byte[LogHeader.DIGEST_BYTES], DiskMode.SHARED, new byte[0]).encode(), 8),
                ByteBuffer.allocate(8)
                        .putInt(header.length)
                        .putInt(Bytes.crc(header))
                        .array(),
                header);
        while (!in.isEmpty()) {
            whole = Bytes.joined(whole, Bytes.sealed(in.take(in.u16())));
        }
        return whole;
    }

    private static void read(byte[] file) throws IOException {
        try (LogFileReader reader = new LogFileReader(new ByteArrayInputStream(file))) {
            for (var entry = reader.peek(); entry != null; entry = reader.peek()) {
                LogPrinter.line(entry);
                reader.take();
            }
        } catch (LogFormatException refused) {
            // That is what a damaged log is told.
        }
    }

    @Override
    public List<byte[]> seeds() {
        byte[] header = new LogHeader(new byte[LogHeader.DIGEST_BYTES], DiskMode.SHARED, new byte[] {1, 2, 3}).encode();
        byte[] headerBody = Arrays.copyOfRange(header, LogHeader.PREFIX_BYTES, header.length);
        byte[] shared = batch(DiskMode.SHARED);
        byte[] replicated = batch(DiskMode.REPLICATED);
        return List.of(
                Bytes.joined(Bytes.of(0), header, shared),
                Bytes.joined(Bytes.of(1), Bytes.part(headerBody), Bytes.part(body(shared))),
                Bytes.joined(Bytes.of(1), Bytes.part(headerBody), Bytes.part(body(replicated))));
    }

    private static byte[] body(byte[] batch) {
        return Arrays.copyOfRange(batch, 8, batch.length);
    }

    private static byte[] batch(DiskMode disk) {
        LogAppender log = new LogAppender(disk);
        log.input(1, new Input.TimeSample(1000, 1L << 32), 0);
        log.input(2, new Input.WallClock(1), 0);
        log.input(3, new Input.ConsoleInput(2, 1, new byte[] {'a'}), 0);
        log.input(4, new Input.FrameReceived(7, 1, new byte[60]), 0);
        log.input(5, new Input.DiskCompletion(6, 1, DiskStatus.OK, new byte[512]), 0);
        log.input(6, new Input.Entropy(8, 1, new byte[16]), 0);
        log.marker(100, 0);
        log.digest(new StateDigest(100, List.of(new StateDigest.Part("memory", 1))), 0);
        log.end(101, "switched off", 0);
        byte[] batch = log.take();
        return batch == null ? new byte[0] : batch;
    }
}
