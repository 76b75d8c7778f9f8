package hartbeat.devices.board.fdt;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes a flattened device tree, version 17 (Devicetree Specification 0.4, chapter 5). Nodes are begun and ended in order;
 * {@link #toBytes} closes nothing by itself.
 */
public final class FdtWriter {
    private static final int MAGIC = 0xd00dfeed;
    private static final int HEADER_BYTES = 40;
    private static final int RESERVATION_BYTES = 16;
    private static final int VERSION = 17;
    private static final int LAST_COMPATIBLE_VERSION = 16;

    private static final int BEGIN_NODE = 1;
    private static final int END_NODE = 2;
    private static final int PROPERTY = 3;
    private static final int END = 9;

    private ByteBuffer structure = ByteBuffer.allocate(4096);
    private ByteBuffer strings = ByteBuffer.allocate(512);
    private final Map<String, Integer> stringOffsets = new LinkedHashMap<>();
    private int depth;

    /** @param name with its unit address, empty for the root */
    public FdtWriter begin(String name) {
        putInt(BEGIN_NODE);
        putPadded(zeroTerminated(name));
        depth++;
        return this;
    }

    public FdtWriter end() {
        if (depth == 0) {
            throw new IllegalStateException("end of a node that was not begun");
        }
        depth--;
        putInt(END_NODE);
        return this;
    }

    /** A property without a value: it is true by being there. */
    public FdtWriter flag(String name) {
        return bytes(name, new byte[0]);
    }

    /** 32-bit cells. */
    public FdtWriter cells(String name, int... cells) {
        ByteBuffer value = ByteBuffer.allocate(4 * cells.length);
        for (int cell : cells) {
            value.putInt(cell);
        }
        return bytes(name, value.array());
    }

    /** 64-bit numbers, each as two cells. */
    public FdtWriter wideCells(String name, long... numbers) {
        ByteBuffer value = ByteBuffer.allocate(8 * numbers.length);
        for (long number : numbers) {
            value.putLong(number);
        }
        return bytes(name, value.array());
    }

    /** One or more strings, each terminated by a zero. */
    public FdtWriter strings(String name, String... values) {
        return bytes(name, zeroTerminated(String.join("\0", values)));
    }

    public FdtWriter bytes(String name, byte[] value) {
        putInt(PROPERTY);
        putInt(value.length);
        putInt(stringOffset(name));
        putPadded(value);
        return this;
    }

    /** The whole blob: header, empty reservation map, structure, strings. */
    public byte[] toBytes(int bootHart) {
        if (depth != 0) {
            throw new IllegalStateException("nodes left open: " + depth);
        }
        int structureAt = HEADER_BYTES + RESERVATION_BYTES;
        int structureBytes = structure.position() + 4;
        int stringsAt = structureAt + structureBytes;
        int total = stringsAt + strings.position();
        ByteBuffer blob = ByteBuffer.allocate(total);
        blob.putInt(MAGIC).putInt(total).putInt(structureAt).putInt(stringsAt).putInt(HEADER_BYTES);
        blob.putInt(VERSION).putInt(LAST_COMPATIBLE_VERSION).putInt(bootHart);
        blob.putInt(strings.position()).putInt(structureBytes);
        blob.position(structureAt);
        blob.put(structure.duplicate().flip()).putInt(END);
        blob.put(strings.duplicate().flip());
        return blob.array();
    }

    private int stringOffset(String name) {
        Integer known = stringOffsets.get(name);
        if (known != null) {
            return known;
        }
        int offset = strings.position();
        byte[] bytes = zeroTerminated(name);
        strings = withRoom(strings, bytes.length).put(bytes);
        stringOffsets.put(name, offset);
        return offset;
    }

    private void putInt(int value) {
        structure = withRoom(structure, 4).putInt(value);
    }

    private void putPadded(byte[] bytes) {
        structure = withRoom(structure, bytes.length + 3).put(bytes);
        while (structure.position() % 4 != 0) {
            structure.put((byte) 0);
        }
    }

    private static ByteBuffer withRoom(ByteBuffer buffer, int length) {
        if (buffer.remaining() >= length) {
            return buffer;
        }
        int needed = Math.addExact(buffer.position(), length);
        return ByteBuffer.allocate(Math.max(needed, 2 * buffer.capacity())).put(buffer.flip());
    }

    private static byte[] zeroTerminated(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return Arrays.copyOf(bytes, bytes.length + 1);
    }
}
