package hartbeat.fuzz.readers;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.boot.BadImageException;
import hartbeat.devices.board.boot.BootImages;
import hartbeat.devices.board.boot.BootPlan;
import hartbeat.emulator.state.StateFormatException;
import hartbeat.fuzz.Target;
import hartbeat.guest.BareGuests;
import java.util.Arrays;
import java.util.List;

/** A machine's configuration and images, as a primary sends them; what is taken has one spelling, and a device tree. */
public final class ConfigurationTarget implements Target {
    private final byte[] hello = BareGuests.named("hello").elf();

    @Override
    public String name() {
        return "configuration";
    }

    @Override
    public String about() {
        return "machine configurations and the device trees made of them";
    }

    @Override
    public void test(byte[] input) {
        Bytes in = new Bytes(input);
        try {
            if ((in.u8() & 1) == 0) {
                configuration(in.rest());
            } else {
                BootImages.decode(in.rest());
            }
        } catch (StateFormatException refused) {
            // That is what the peer is told.
        }
    }

    private void configuration(byte[] bytes) {
        BoardConfig config = BoardConfig.decode(bytes);
        if (!Arrays.equals(config.encode(), BoardConfig.decode(config.encode()).encode())) {
            throw new IllegalStateException("said otherwise than understood: " + config);
        }
        try {
            BootPlan.of(config, new BootImages(new byte[0], hello, new byte[0]));
        } catch (BadImageException tooLarge) {
            // A machine too small for its program.
        }
    }

    @Override
    public List<byte[]> seeds() {
        BoardConfig config = Configurations.whole(BoardConfig.Transport.MODERN, 64, "console=ttyS0");
        BootImages images = new BootImages(new byte[4], new byte[8], new byte[2]);
        return List.of(Bytes.joined(Bytes.of(0), config.encode()), Bytes.joined(Bytes.of(1), images.encode()));
    }
}
