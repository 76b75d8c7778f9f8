package hartbeat.devices.virtio.blk;

import hartbeat.devices.Mistakes;
import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.virtio.DescriptorChain;
import hartbeat.devices.virtio.Feature;
import hartbeat.devices.virtio.VirtioDevice;
import hartbeat.devices.virtio.VirtioLink;
import hartbeat.devices.virtio.Virtqueue;
import hartbeat.emulator.io.DiskOperation;
import hartbeat.emulator.io.DiskStatus;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.state.StateFormatException;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Block device. A driver that does not know FLUSH gets write-through: each of its writes is followed by a flush of ours and ends with
 * it (virtio 1.2, 5.2.6.2).
 */
public final class VirtioBlk implements VirtioDevice {
    /** Longest buffer that a driver may use, in bytes. */
    public static final int SIZE_MAX = 32 << 10;

    /** Most data buffers in one request. */
    public static final int SEG_MAX = 126;

    /** Most bytes that one request transfers. */
    public static final int MAX_TRANSFER_BYTES = SIZE_MAX * SEG_MAX;

    /** Most sectors that one discard or write-zeroes request covers. */
    public static final int MAX_CLEAR_SECTORS = 1 << 21;

    private static final int TYPE = 2;
    private static final int QUEUE_SIZE = 128;
    private static final int SECTOR_BYTES = 512;
    private static final int HEADER_BYTES = 16;
    private static final int RANGE_BYTES = 16;
    /** Data that waits for the host, or is on its way back; beyond it the ring is left alone until something completes. */
    private static final long MAX_WAITING_BYTES = 16L << 20;

    private static final int F_SIZE_MAX = 1;
    private static final int F_SEG_MAX = 2;
    private static final int F_GEOMETRY = 4;
    private static final int F_RO = 5;
    private static final int F_BLK_SIZE = 6;
    private static final int F_FLUSH = 9;
    private static final int F_TOPOLOGY = 10;
    private static final int F_DISCARD = 13;
    private static final int F_WRITE_ZEROES = 14;

    private static final int T_IN = 0;
    private static final int T_OUT = 1;
    private static final int T_FLUSH = 4;
    private static final int T_GET_ID = 8;
    private static final int T_DISCARD = 11;
    private static final int T_WRITE_ZEROES = 13;

    private static final int S_OK = 0;
    private static final int S_IOERR = 1;
    private static final int S_UNSUPP = 2;
    /** In place of a status: the host is working on it. */
    private static final int PENDING = -1;

    private final String name;
    private final BoardConfig.Drive drive;
    private final byte[] config;
    private final Deque<InFlight> inFlight = new ArrayDeque<>();
    private @Nullable VirtioLink link;
    private long nextRequest = 1;
    private long waitingBytes;
    /** A write failed whose flush is still under way. */
    private boolean writeFailed;

    /**
     * A request that the host works on.
     *
     * @param chain what is answered when it completes; null for a write that a flush of ours follows
     */
    private record InFlight(
            Output.DiskRequest request, @Nullable DescriptorChain chain) {}

    public VirtioBlk(String name, BoardConfig.Drive drive) {
        this.name = name;
        this.drive = drive;
        this.config = BlkConfig.of(drive.sectors());
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long features() {
        long features = Feature.bit(F_SIZE_MAX)
                | Feature.bit(F_SEG_MAX)
                | Feature.bit(F_GEOMETRY)
                | Feature.bit(F_BLK_SIZE)
                | Feature.bit(F_FLUSH)
                | Feature.bit(F_TOPOLOGY);
        return features | (drive.readOnly() ? Feature.bit(F_RO) : Feature.bit(F_DISCARD) | Feature.bit(F_WRITE_ZEROES));
    }

    @Override
    public int[] queueSizes() {
        return new int[] {QUEUE_SIZE};
    }

    @Override
    public void attach(VirtioLink transport) {
        link = transport;
    }

    @Override
    public byte[] config() {
        return config;
    }

    @Override
    public void notified(int queue) {
        work();
    }

    /** Takes what is available, as far as there is room to wait for the host. */
    private void work() {
        VirtioLink transport = link();
        Virtqueue queue = transport.queue(0);
        boolean answered = false;
        int available = queue.available();
        for (int i = 0; i < available && !full(); i++) {
            DescriptorChain chain = queue.take();
            if (chain == null) {
                break;
            }
            if (chain.readableBytes() < HEADER_BYTES || chain.writableBytes() < 1) {
                // There is no place for a status.
                transport.mistakes().count(Mistakes.Kind.BAD_REQUEST);
                transport.needsReset();
                return;
            }
            answered |= begin(chain);
        }
        if (answered) {
            transport.usedBuffers(0);
        }
        if (transport.intact(0)) {
            queue.wantNotification();
        }
    }

    private boolean full() {
        return waitingBytes >= MAX_WAITING_BYTES || inFlight.size() >= 2 * QUEUE_SIZE;
    }

    /** @return whether it was answered at once */
    private boolean begin(DescriptorChain chain) {
        byte[] header = chain.read(link().memory(), 0, HEADER_BYTES);
        long sector = BlkConfig.littleEndian(header, 8, 8);
        int status = switch ((int) BlkConfig.littleEndian(header, 0, 4)) {
            case T_IN -> beginRead(chain, sector);
            case T_OUT -> beginWrite(chain, sector);
            case T_FLUSH -> send(DiskOperation.FLUSH, 0, 0, new byte[0], chain);
            case T_GET_ID -> getId(chain);
            case T_DISCARD -> beginClear(DiskOperation.DISCARD, chain);
            case T_WRITE_ZEROES -> beginClear(DiskOperation.WRITE_ZEROES, chain);
            default -> S_UNSUPP;
        };
        if (status == PENDING) {
            return false;
        }
        if (status != S_OK) {
            link().mistakes().count(Mistakes.Kind.BAD_REQUEST);
            answer(chain, status, 0);
        }
        return true;
    }

    private int beginRead(DescriptorChain chain, long sector) {
        long bytes = chain.writableBytes() - 1;
        if (!transferable(sector, bytes)) {
            return S_IOERR;
        }
        return send(DiskOperation.READ, sector, (int) (bytes / SECTOR_BYTES), new byte[0], chain);
    }

    private int beginWrite(DescriptorChain chain, long sector) {
        long bytes = chain.readableBytes() - HEADER_BYTES;
        if (drive.readOnly() || !transferable(sector, bytes)) {
            return S_IOERR;
        }
        byte[] data = chain.read(link().memory(), HEADER_BYTES, (int) bytes);
        int sectors = (int) (bytes / SECTOR_BYTES);
        if (link().negotiated(F_FLUSH)) {
            return send(DiskOperation.WRITE, sector, sectors, data, chain);
        }
        send(DiskOperation.WRITE, sector, sectors, data, null);
        return send(DiskOperation.FLUSH, 0, 0, new byte[0], chain);
    }

    /** Discard and write-zeroes take one range of sectors (virtio 1.2, 5.2.6). */
    private int beginClear(DiskOperation operation, DescriptorChain chain) {
        boolean discard = operation == DiskOperation.DISCARD;
        if (drive.readOnly() || !link().negotiated(discard ? F_DISCARD : F_WRITE_ZEROES)) {
            return drive.readOnly() ? S_IOERR : S_UNSUPP;
        }
        if (chain.readableBytes() != HEADER_BYTES + RANGE_BYTES) {
            return S_IOERR;
        }
        byte[] range = chain.read(link().memory(), HEADER_BYTES, RANGE_BYTES);
        long sector = BlkConfig.littleEndian(range, 0, 8);
        long sectors = BlkConfig.littleEndian(range, 8, 4);
        long flags = BlkConfig.littleEndian(range, 12, 4);
        if (flags > 1 || discard && flags != 0) {
            return S_UNSUPP;
        }
        if (sectors == 0 || sectors > MAX_CLEAR_SECTORS || !inRange(sector, sectors)) {
            return S_IOERR;
        }
        return send(operation, sector, (int) sectors, new byte[0], chain);
    }

    private int getId(DescriptorChain chain) {
        if (chain.writableBytes() - 1 < BoardConfig.MAX_ID_BYTES) {
            return S_IOERR;
        }
        byte[] id = new byte[BoardConfig.MAX_ID_BYTES];
        byte[] text = drive.id().getBytes(StandardCharsets.UTF_8);
        System.arraycopy(text, 0, id, 0, text.length);
        chain.write(link().memory(), 0, id, 0, id.length);
        answer(chain, S_OK, id.length);
        return S_OK;
    }

    private boolean transferable(long sector, long bytes) {
        return bytes > 0
                && bytes <= MAX_TRANSFER_BYTES
                && bytes % SECTOR_BYTES == 0
                && inRange(sector, bytes / SECTOR_BYTES);
    }

    private boolean inRange(long sector, long sectors) {
        return sector >= 0 && sectors <= drive.sectors() && sector <= drive.sectors() - sectors;
    }

    private int send(DiskOperation operation, long sector, int sectors, byte[] data, @Nullable DescriptorChain chain) {
        Output.DiskRequest request =
                new Output.DiskRequest(link().index(), nextRequest++, operation, sector, sectors, data);
        inFlight.add(new InFlight(request, chain));
        waitingBytes += bytes(request);
        link().emit(request);
        return PENDING;
    }

    private void answer(DescriptorChain chain, int status, int dataBytes) {
        long statusAt = chain.writableBytes() - 1;
        chain.write(link().memory(), statusAt, new byte[] {(byte) status}, 0, 1);
        link().queue(0).put(chain, dataBytes + 1);
    }

    @Override
    public void apply(Input.ToDevice input) {
        InFlight first = inFlight.peek();
        if (!(input instanceof Input.DiskCompletion completion)
                || first == null
                || completion.request() != first.request().request()) {
            link().mistakes().count(Mistakes.Kind.INPUT_UNEXPECTED);
            return;
        }
        inFlight.remove();
        waitingBytes -= bytes(first.request());
        boolean ok = completion.status() == DiskStatus.OK && hasData(first.request(), completion.data());
        if (first.chain() == null) {
            writeFailed = !ok;
            return;
        }
        ok &= !writeFailed;
        writeFailed = false;
        if (link().running()) {
            byte[] data = ok ? completion.data() : new byte[0];
            first.chain().write(link().memory(), 0, data, 0, data.length);
            answer(first.chain(), ok ? S_OK : S_IOERR, data.length);
            link().usedBuffers(0);
            work();
        }
    }

    /** A log may come from a hostile peer: exactly what was read must be there. */
    private boolean hasData(Output.DiskRequest request, byte[] data) {
        int expected = request.operation() == DiskOperation.READ ? request.sectors() * SECTOR_BYTES : 0;
        if (data.length != expected) {
            link().mistakes().count(Mistakes.Kind.INPUT_UNEXPECTED);
        }
        return data.length == expected;
    }

    @Override
    public void reset() {
        inFlight.clear();
        waitingBytes = 0;
        writeFailed = false;
    }

    @Override
    public void queueReset(int queue) {
        reset();
    }

    @Override
    public List<Output> outstanding() {
        List<Output> outputs = new ArrayList<>();
        inFlight.forEach(each -> outputs.add(each.request()));
        return outputs;
    }

    private VirtioLink link() {
        if (link == null) {
            throw new IllegalStateException(name + " has no transport");
        }
        return link;
    }

    @Override
    public void save(StateWriter writer) {
        writer.i64(nextRequest).flag(writeFailed).i32(inFlight.size());
        for (InFlight each : inFlight) {
            Output.DiskRequest request = each.request();
            writer.i64(request.request()).u8(request.operation().ordinal());
            writer.i64(request.sector()).i32(request.sectors()).bytes(request.data());
            writer.flag(each.chain() != null);
            if (each.chain() != null) {
                each.chain().save(writer);
            }
        }
    }

    /** Bytes that a request holds in the host's memory, before or after it was carried out. */
    private static long bytes(Output.DiskRequest request) {
        return request.operation() == DiskOperation.READ
                ? (long) request.sectors() * SECTOR_BYTES
                : request.data().length;
    }

    /** A saved request is one that this device could have made. */
    private void check(Output.DiskRequest request, @Nullable DescriptorChain chain) {
        boolean read = request.operation() == DiskOperation.READ;
        long data = request.operation() == DiskOperation.WRITE ? (long) request.sectors() * SECTOR_BYTES : 0;
        boolean possible = request.sectors() >= 0
                && inRange(request.sector(), request.sectors())
                && bytes(request) <= MAX_TRANSFER_BYTES
                && request.data().length == data
                && request.request()
                        > (inFlight.isEmpty() ? 0 : inFlight.getLast().request().request())
                && request.request() < nextRequest;
        if (!possible || chain != null && chain.writableBytes() < 1 + (read ? bytes(request) : 0)) {
            throw new StateFormatException(
                    "disk request %d: expected=one that %s can have made, actual=%s of %d sectors at %d"
                            .formatted(
                                    request.request(), name, request.operation(), request.sectors(), request.sector()));
        }
    }

    @Override
    public void restore(StateReader reader) {
        reset();
        nextRequest = reader.i64();
        writeFailed = reader.flag();
        int count = reader.i32();
        for (int i = 0; i < count; i++) {
            long number = reader.i64();
            DiskOperation operation = BlkConfig.operation(reader.u8());
            Output.DiskRequest request = new Output.DiskRequest(
                    link().index(), number, operation, reader.i64(), reader.i32(), reader.bytes(MAX_TRANSFER_BYTES));
            DescriptorChain chain = reader.flag() ? DescriptorChain.restore(reader, link().memory()) : null;
            check(request, chain);
            inFlight.add(new InFlight(request, chain));
            waitingBytes += bytes(request);
        }
    }
}
