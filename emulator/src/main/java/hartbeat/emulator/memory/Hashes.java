package hartbeat.emulator.memory;

import java.nio.ByteBuffer;
import org.lwjgl.system.MemoryUtil;
import org.lwjgl.util.xxhash.XXH3State;
import org.lwjgl.util.xxhash.XXHash;

/** XXH3-64, the hash of all digests. */
public final class Hashes {
    /** What is hashed lies on the heap and passes through a place of this size. */
    private static final int PIECE_BYTES = 1 << 16;

    private Hashes() {}

    static long ofHostMemory(long address, long length) {
        return XXHash.nXXH3_64bits(address, length);
    }

    /** Hash of the buffer's remaining bytes. */
    public static long of(ByteBuffer bytes) {
        ByteBuffer rest = bytes.duplicate();
        ByteBuffer piece = MemoryUtil.memAlloc(Math.clamp(rest.remaining(), 1, PIECE_BYTES));
        try {
            return rest.remaining() <= PIECE_BYTES
                    ? XXHash.XXH3_64bits(piece.put(rest).flip())
                    : inPieces(rest, piece);
        } finally {
            MemoryUtil.memFree(piece);
        }
    }

    private static long inPieces(ByteBuffer rest, ByteBuffer piece) {
        XXH3State state = XXHash.XXH3_createState();
        if (state == null) {
            throw new OutOfMemoryError("no memory for the state of a hash");
        }
        try {
            XXHash.XXH3_64bits_reset(state);
            while (rest.hasRemaining()) {
                int length = Math.min(rest.remaining(), PIECE_BYTES);
                piece.clear().put(rest.slice(rest.position(), length)).flip();
                rest.position(rest.position() + length);
                XXHash.XXH3_64bits_update(state, piece);
            }
            return XXHash.XXH3_64bits_digest(state);
        } finally {
            XXHash.XXH3_freeState(state);
        }
    }

    /** Chains a value to a hash: a bijection of each argument (the finisher of MurmurHash3). */
    static long mix(long hash, long value) {
        long mixed = Long.rotateLeft(hash, 27) * 0x9e37_79b9_7f4a_7c15L ^ value;
        mixed = (mixed ^ mixed >>> 33) * 0xff51_afd7_ed55_8ccdL;
        mixed = (mixed ^ mixed >>> 33) * 0xc4ce_b9fe_1a85_ec53L;
        return mixed ^ mixed >>> 33;
    }
}
