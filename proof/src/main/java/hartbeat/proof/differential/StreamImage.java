package hartbeat.proof.differential;

import hartbeat.guest.BareGuests;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Memory of a machine that runs a batch of streams: what is written there before, and where results are afterwards. */
public final class StreamImage {
    /** Bytes of RAM that the harness wants. */
    public static final int MEMORY_BYTES = 64 << 20;

    private static final int BATCH = 0x2_0000;
    private static final int FINISHED = BATCH + 8;
    private static final int STREAMS = 0x2_1000;
    private static final int RESULTS = 0x180_0000;

    /** As many as there is room for. */
    public static final int MOST_STREAMS = (RESULTS - STREAMS) / (4 * Stream.WORDS);

    private StreamImage() {}

    /** The code of the harness. */
    static byte[] harness() {
        return BareGuests.streamHarness();
    }

    /** The batch with its streams, which lies at {@link #batchOffset}; streams that are excluded are left out. */
    public static byte[] batch(List<Stream> streams, List<Boolean> excluded) {
        if (streams.isEmpty() || streams.size() > MOST_STREAMS) {
            throw new IllegalArgumentException(
                    "streams: expected=1..%d, actual=%d".formatted(MOST_STREAMS, streams.size()));
        }
        ByteBuffer bytes = ByteBuffer.allocate(STREAMS - BATCH + streams.size() * 4 * Stream.WORDS)
                .order(ByteOrder.LITTLE_ENDIAN);
        bytes.putInt(streams.size()).putInt(streams.getFirst().locked() ? 1 : 0);
        bytes.position(STREAMS - BATCH);
        for (int i = 0; i < streams.size(); i++) {
            int from = bytes.position();
            bytes.asIntBuffer().put(streams.get(i).words());
            bytes.putInt(from, excluded.get(i) ? 1 : 0);
            bytes.position(from + 4 * Stream.WORDS);
        }
        return bytes.array();
    }

    public static int batchOffset() {
        return BATCH;
    }

    /** The word that counts the streams that have ended. */
    public static int finishedOffset() {
        return FINISHED;
    }

    public static int resultsOffset() {
        return RESULTS;
    }

    /** Bytes of the results of so many streams. */
    public static int resultsBytes(int streams) {
        return 4 * StreamResult.WORDS * streams;
    }

    static List<StreamResult> results(byte[] bytes) {
        List<StreamResult> results = new ArrayList<>();
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int at = 0; at < bytes.length; at += 4 * StreamResult.WORDS) {
            int[] words = new int[StreamResult.WORDS];
            buffer.position(at).asIntBuffer();
            buffer.slice().order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(words);
            results.add(new StreamResult(words));
        }
        return results;
    }
}
