package hartbeat.tools.screen;

import java.io.ByteArrayOutputStream;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * Divides what is typed into bytes for the guest and commands for us: Ctrl-A and a letter is a command, Ctrl-A twice is one Ctrl-A
 * for the guest (QEMU's way).
 */
public final class EscapeKeys {
    public static final int CTRL_A = 1;

    private final Consumer<byte[]> guest;
    private final IntConsumer command;
    private boolean escaped;

    /**
     * @param guest takes the bytes that are the guest's
     * @param command takes the letter that followed Ctrl-A
     */
    public EscapeKeys(Consumer<byte[]> guest, IntConsumer command) {
        this.guest = guest;
        this.command = command;
    }

    /** Takes the next typed bytes; an escape may be spread over two calls. */
    public void typed(byte[] bytes, int length) {
        ByteArrayOutputStream forGuest = new ByteArrayOutputStream(length);
        for (int i = 0; i < length; i++) {
            int key = bytes[i] & 0xff;
            if (escaped) {
                escaped = false;
                if (key == CTRL_A) {
                    forGuest.write(CTRL_A);
                } else {
                    flush(forGuest);
                    command.accept(Character.toLowerCase(key));
                }
            } else if (key == CTRL_A) {
                escaped = true;
            } else {
                forGuest.write(key);
            }
        }
        flush(forGuest);
    }

    private void flush(ByteArrayOutputStream forGuest) {
        if (forGuest.size() > 0) {
            guest.accept(forGuest.toByteArray());
            forGuest.reset();
        }
    }
}
