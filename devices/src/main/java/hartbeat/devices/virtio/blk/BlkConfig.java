package hartbeat.devices.virtio.blk;

import hartbeat.emulator.io.DiskOperation;
import hartbeat.emulator.state.StateFormatException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Layout of the block device's configuration space and requests (virtio 1.2, 5.2.4). */
final class BlkConfig {
    private static final int BYTES = 60;
    private static final int SECTOR_BYTES = 512;
    private static final int HEADS = 16;
    private static final int SECTORS_PER_TRACK = 63;
    private static final int MAX_CYLINDERS = 16383;
    /** Physical blocks of 4 KiB, so that guests align what they write. */
    private static final int PHYSICAL_BLOCK_EXPONENT = 3;

    private BlkConfig() {}

    static byte[] of(long sectors) {
        ByteBuffer config = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);
        config.putLong(sectors).putInt(VirtioBlk.SIZE_MAX).putInt(VirtioBlk.SEG_MAX);
        config.putShort((short) Math.min(MAX_CYLINDERS, sectors / (HEADS * SECTORS_PER_TRACK)));
        config.put((byte) HEADS).put((byte) SECTORS_PER_TRACK).putInt(SECTOR_BYTES);
        // Alignment offset, least and best size of a transfer, in logical blocks.
        config.put((byte) PHYSICAL_BLOCK_EXPONENT)
                .put((byte) 0)
                .putShort((short) (1 << PHYSICAL_BLOCK_EXPONENT))
                .putInt(0);
        // Write-back is fixed; one queue.
        config.put((byte) 0).put((byte) 0).putShort((short) 1);
        config.putInt(VirtioBlk.MAX_CLEAR_SECTORS).putInt(1).putInt(1 << PHYSICAL_BLOCK_EXPONENT);
        config.putInt(VirtioBlk.MAX_CLEAR_SECTORS).putInt(1).put((byte) 1);
        return config.array();
    }

    static long littleEndian(byte[] bytes, int offset, int width) {
        long value = 0;
        for (int i = width - 1; i >= 0; i--) {
            value = value << 8 | bytes[offset + i] & 0xff;
        }
        return value;
    }

    static DiskOperation operation(int ordinal) {
        DiskOperation[] all = DiskOperation.values();
        if (ordinal >= all.length) {
            throw new StateFormatException(
                    "disk operation: expected=0..%d, actual=%d".formatted(all.length - 1, ordinal));
        }
        return all[ordinal];
    }
}
