package hartbeat.emulator.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.lwjgl.system.MemoryUtil;
import org.lwjgl.util.xxhash.XXHash;

final class HashesTest {
    private static final int[] LENGTHS = {0, 1, 16, 240, 241, 65_535, 65_536, 65_537, 131_072, 200_001};

    /** What passes through in pieces hashes like what lies in one. */
    @Test
    void theHashIsThatOfAllBytesWhateverTheirNumber() {
        for (int length : LENGTHS) {
            byte[] bytes = new byte[length + 3];
            new Random(length).nextBytes(bytes);
            ByteBuffer some = ByteBuffer.wrap(bytes).position(3);
            ByteBuffer direct = MemoryUtil.memAlloc(Math.max(1, length));
            try {
                long whole = XXHash.XXH3_64bits(direct.put(some.duplicate()).flip());
                assertThat(Hashes.of(some)).as("%d bytes", length).isEqualTo(whole);
                assertThat(some.remaining()).isEqualTo(length);
            } finally {
                MemoryUtil.memFree(direct);
            }
        }
    }
}
