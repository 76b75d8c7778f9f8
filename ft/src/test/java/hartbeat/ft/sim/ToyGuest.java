package hartbeat.ft.sim;

import hartbeat.emulator.io.DiskOperation;
import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.machine.Stop;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import hartbeat.ft.run.Guest;
import hartbeat.ft.run.StateDigest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A deterministic guest of a few rules: one multiplication an instruction, and now and then, as the product says, it prints, writes or
 * reads its disk, asks for entropy, looks at the time or goes to sleep. Every request frame is answered by one reply frame that
 * bears the request's number and a hash of the whole past, so that an input one instruction late changes all that follows.
 */
public final class ToyGuest implements Guest {
    public static final int CONSOLE = 0;
    public static final int DISK = 1;
    public static final int ENTROPY = 2;
    public static final int NET = 3;
    public static final int DEVICES = 4;
    public static final int PAGES = 32;
    private static final int PAGE_WORDS = 64;
    private static final int DISK_SECTORS = 64;
    private static final int SECTOR = 512;
    private static final int MOST_REQUESTS = 4;
    private static final int NET_ROOM = 8;

    private final long[] memory = new long[PAGES * PAGE_WORDS];
    private final TreeSet<Integer> dirty = new TreeSet<>();
    private final Queue<Emission> emissions = new ArrayDeque<>();
    private final Queue<Long> replies = new ArrayDeque<>();
    private final TreeSet<Long> diskRequests = new TreeSet<>();
    private long icount;
    private long hash = 0x9e3779b97f4a7c15L;
    private long emitted;
    private long baseIcount;
    private long baseMtime;
    private long rate;
    private long epochNanos;
    private boolean waiting;
    private long deadline = -1;
    private long diskRequest;
    private long entropyRequest;
    private boolean entropyAsked;
    private long memoryHash;
    private Output.@Nullable PowerOff powerOff;

    @Override
    public long icount() {
        return icount;
    }

    @Override
    public Stop runUntil(long limit) {
        while (true) {
            if (waiting && Long.compareUnsigned(mtime(), deadline) >= 0) {
                waiting = false;
                deadline = -1;
            }
            if (!emissions.isEmpty()) {
                return Stop.OUTPUT;
            }
            if (powerOff != null) {
                return Stop.OFF;
            }
            if (icount >= limit) {
                return Stop.REACHED;
            }
            if (waiting) {
                return Stop.IDLE;
            }
            while (icount < limit && !step()) {
                // An instruction without an event.
            }
        }
    }

    /** One instruction. @return whether something happened for which the machine leaves */
    private boolean step() {
        hash = hash * 6364136223846793005L + 1442695040888963407L;
        icount++;
        if ((hash >>> 52) != 0) {
            return false;
        }
        int event = (int) (hash >>> 40) & 15;
        switch (event) {
            case 0 ->
                emit(new Output.ConsoleOutput(
                        CONSOLE, ("<" + Long.toHexString(hash) + ">").getBytes(StandardCharsets.US_ASCII)));
            case 1, 2 -> disk(event == 1);
            case 3 -> askEntropy();
            case 4 -> hash ^= mtime();
            case 5 -> sleep();
            case 6, 7, 8, 9 -> reply();
            default -> store();
        }
        return true;
    }

    private void store() {
        int word = (int) (hash >>> 20) % memory.length & Integer.MAX_VALUE;
        memory[word % memory.length] ^= hash;
        dirty.add(word % memory.length / PAGE_WORDS);
    }

    private void disk(boolean write) {
        if (diskRequests.size() >= MOST_REQUESTS) {
            return;
        }
        diskRequest++;
        diskRequests.add(diskRequest);
        long sector = (hash >>> 24) % DISK_SECTORS & Long.MAX_VALUE;
        byte[] data = new byte[write ? SECTOR : 0];
        Arrays.fill(data, (byte) (hash >>> 30));
        emit(new Output.DiskRequest(
                DISK, diskRequest, write ? DiskOperation.WRITE : DiskOperation.READ, sector % DISK_SECTORS, 1, data));
    }

    private void askEntropy() {
        if (!entropyAsked) {
            entropyAsked = true;
            emit(new Output.EntropyRequest(ENTROPY, ++entropyRequest, 8));
        }
    }

    private void sleep() {
        if (!replies.isEmpty()) {
            return;
        }
        waiting = true;
        deadline = mtime() + 5_000 + (hash >>> 50);
    }

    private void reply() {
        Long request = replies.poll();
        if (request != null) {
            emit(new Output.FrameSent(
                    NET,
                    ByteBuffer.allocate(24)
                            .putLong(request)
                            .putLong(hash)
                            .putLong(icount)
                            .array()));
        }
    }

    private void emit(Output output) {
        emissions.add(new Emission(++emitted, icount, output));
        if (output instanceof Output.PowerOff off) {
            powerOff = off;
        }
    }

    @Override
    public void apply(Input input) {
        switch (input) {
            case Input.TimeSample sample -> {
                long now = mtime();
                baseMtime = Long.compareUnsigned(sample.mtime(), now) < 0 ? now : sample.mtime();
                baseIcount = icount;
                rate = sample.rate();
            }
            case Input.WallClock clock -> epochNanos = clock.epochNanos();
            case Input.ConsoleInput console -> {
                mix(console.bytes());
                if (new String(console.bytes(), StandardCharsets.US_ASCII).equals("off")) {
                    emit(new Output.PowerOff(0, "guest switched off"));
                }
            }
            case Input.FrameReceived received -> {
                mix(received.frame());
                replies.add(ByteBuffer.wrap(received.frame()).getLong());
            }
            case Input.DiskCompletion completion -> {
                if (diskRequests.remove(completion.request())) {
                    mix(completion.data());
                }
            }
            case Input.Entropy entropy -> {
                if (entropy.request() == entropyRequest && entropyAsked) {
                    entropyAsked = false;
                    mix(entropy.bytes());
                }
            }
        }
        if (input instanceof Input.ToDevice) {
            waiting = false;
            deadline = -1;
        }
    }

    private void mix(byte[] bytes) {
        hash = hash * 31 + Arrays.hashCode(bytes) + icount;
    }

    @Override
    public @Nullable Emission pollOutput() {
        return emissions.poll();
    }

    @Override
    public long emitted() {
        return emitted;
    }

    @Override
    public long mtime() {
        long elapsed = icount - baseIcount;
        return baseMtime + (Math.unsignedMultiplyHigh(elapsed, rate) << 32 | (elapsed * rate) >>> 32);
    }

    @Override
    public long deadlineMtime() {
        return waiting ? deadline : -1;
    }

    @Override
    public int devices() {
        return DEVICES;
    }

    @Override
    public int room(int device) {
        return switch (device) {
            case CONSOLE -> 16;
            case NET -> NET_ROOM - replies.size();
            default -> 0;
        };
    }

    @Override
    public Output.@Nullable PowerOff powerOff() {
        return powerOff;
    }

    @Override
    public StateDigest digest() {
        for (int page : dirty) {
            for (int i = 0; i < PAGE_WORDS; i++) {
                memoryHash = memoryHash * 1_000_003 + memory[page * PAGE_WORDS + i];
            }
        }
        dirty.clear();
        List<StateDigest.Part> parts = new ArrayList<>();
        parts.add(new StateDigest.Part("hart0", hash));
        parts.add(new StateDigest.Part("clock", baseMtime * 31 + baseIcount * 17 + rate + epochNanos));
        parts.add(new StateDigest.Part("disk", diskRequest * 31 + diskRequests.hashCode()));
        parts.add(new StateDigest.Part("memory", memoryHash));
        return new StateDigest(icount, parts);
    }

    /** Flips a bit that no replay knows of. */
    public void corruptMemory(int page) {
        memory[page * PAGE_WORDS] ^= 1;
        dirty.add(page);
    }

    @Override
    public byte[] save() {
        StateWriter out = new StateWriter();
        out.i64(icount)
                .i64(hash)
                .i64(emitted)
                .i64(baseIcount)
                .i64(baseMtime)
                .i64(rate)
                .i64(epochNanos);
        return out.toBytes();
    }

    @Override
    public void restore(byte[] state) {
        StateReader in = new StateReader(state);
        icount = in.i64();
        hash = in.i64();
        emitted = in.i64();
        baseIcount = in.i64();
        baseMtime = in.i64();
        rate = in.i64();
        epochNanos = in.i64();
    }
}
