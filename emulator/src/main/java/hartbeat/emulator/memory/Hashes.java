package hartbeat.emulator.memory;

import java.nio.ByteBuffer;
import org.lwjgl.system.MemoryUtil;
import org.lwjgl.util.xxhash.XXHash;

/** XXH3-64, the hash of all digests. */
public final class Hashes {
    private Hashes() {}

    static long ofHostMemory(long address, long length) {
        return XXHash.nXXH3_64bits(address, length);
    }

    /** Hash of the buffer's remaining bytes. */
    public static long of(ByteBuffer bytes) {
        ByteBuffer direct = MemoryUtil.memAlloc(Math.max(1, bytes.remaining()));
        try {
            int length = bytes.remaining();
            direct.put(bytes.duplicate()).flip();
            return XXHash.nXXH3_64bits(MemoryUtil.memAddress(direct), length);
        } finally {
            MemoryUtil.memFree(direct);
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
