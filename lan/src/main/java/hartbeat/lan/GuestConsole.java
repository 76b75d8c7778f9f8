package hartbeat.lan;

import java.util.Arrays;

/** One console of a machine: what it printed last, and what was typed for it. */
final class GuestConsole {
    /** Bytes of output that are remembered for clients that attach later or are slow. */
    static final int HISTORY_BYTES = 256 << 10;

    private static final int TYPED_LIMIT_BYTES = 256 << 10;
    /** Unlogged input given to the machine at a time; it bounds what a guest that reads nothing piles up in its host. */
    private static final int WINDOW_BYTES = 16 << 10;

    private static final int PIECE_BYTES = 16;

    private final byte[] history = new byte[HISTORY_BYTES];
    private final Keeper typed = new Keeper(TYPED_LIMIT_BYTES);
    private long printed;

    /** Appends output. */
    void print(byte[] bytes) {
        int from = Math.max(0, bytes.length - HISTORY_BYTES);
        for (int i = from; i < bytes.length; i++) {
            history[(int) ((printed + i) % HISTORY_BYTES)] = bytes[i];
        }
        printed += bytes.length;
    }

    /** Bytes printed since the machine's first. */
    long printed() {
        return printed;
    }

    /** Position of the oldest byte that is remembered. */
    long oldest() {
        return Math.max(0, printed - HISTORY_BYTES);
    }

    /** Output from {@code position} on, at most {@code maxBytes}; the caller keeps to what is remembered. */
    byte[] output(long position, int maxBytes) {
        int length = (int) Math.min(maxBytes, printed - position);
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = history[(int) ((position + i) % HISTORY_BYTES)];
        }
        return bytes;
    }

    /** False while typed bytes must wait at their sender. */
    boolean takesInput() {
        return typed.hasRoom();
    }

    /** Keeps typed bytes in pieces that a UART's FIFO can hold. */
    void type(byte[] bytes) {
        for (int i = 0; i < bytes.length; i += PIECE_BYTES) {
            typed.add(Arrays.copyOfRange(bytes, i, Math.min(i + PIECE_BYTES, bytes.length)));
        }
    }

    /** What was typed. */
    Keeper typed() {
        return typed;
    }

    /** True if the live process may be given more. */
    boolean windowOpen() {
        return typed.unloggedBytes() < WINDOW_BYTES;
    }
}
