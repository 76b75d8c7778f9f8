package hartbeat.devices;

import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;

/** Bytes in order of arrival, bounded. Part of the state of the device that holds it. */
public final class ByteQueue {
    private final byte[] bytes;
    private int head;
    private int count;

    public ByteQueue(int capacity) {
        bytes = new byte[capacity];
    }

    public int size() {
        return count;
    }

    public int room() {
        return bytes.length - count;
    }

    public boolean isEmpty() {
        return count == 0;
    }

    /** @return false if there was no room; nothing is kept then */
    public boolean add(int value) {
        if (count == bytes.length) {
            return false;
        }
        bytes[(head + count) % bytes.length] = (byte) value;
        count++;
        return true;
    }

    /** @return the oldest byte, 0 to 255; the queue must not be empty */
    public int take() {
        if (count == 0) {
            throw new IllegalStateException("take from an empty queue");
        }
        int value = bytes[head] & 0xff;
        head = (head + 1) % bytes.length;
        count--;
        return value;
    }

    public void clear() {
        head = 0;
        count = 0;
    }

    public void save(StateWriter writer) {
        byte[] content = new byte[count];
        for (int i = 0; i < count; i++) {
            content[i] = bytes[(head + i) % bytes.length];
        }
        writer.bytes(content);
    }

    public void restore(StateReader reader) {
        byte[] content = reader.bytes(bytes.length);
        System.arraycopy(content, 0, bytes, 0, content.length);
        head = 0;
        count = content.length;
    }
}
