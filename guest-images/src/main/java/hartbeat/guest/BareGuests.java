package hartbeat.guest;

import hartbeat.guest.BareGuest.Start;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** The bare guests that {@code guest-images/bare/build} made. */
public final class BareGuests {
    /** Where the names of conformance programs begin. */
    public static final String ISA = "isa/";

    private static final List<BareGuest> ALL = readIndex();

    private BareGuests() {}

    /** Gives every guest, in the order in which they are built. */
    public static List<BareGuest> all() {
        return ALL;
    }

    /** Gives the conformance programs: one per instruction or rule, in M-mode, each of which must pass on one hart. */
    public static List<BareGuest> isa() {
        return ALL.stream().filter(guest -> guest.name().startsWith(ISA)).toList();
    }

    /** Gives the harness that runs streams of instructions (its source is in {@code bare/streams}), as it lies at the start of RAM. */
    public static byte[] streamHarness() {
        return BareGuest.resource("streams.bin");
    }

    /**
     * Gives the guest of a name.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static BareGuest named(String name) {
        return ALL.stream()
                .filter(guest -> guest.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("bare guest: expected=one of "
                        + ALL.stream().map(BareGuest::name).toList() + ", actual=" + name));
    }

    private static List<BareGuest> readIndex() {
        return new String(BareGuest.resource("index.txt"), StandardCharsets.UTF_8)
                .lines()
                .map(line -> line.split(" ", 2))
                .map(words -> new BareGuest(words[0], Start.valueOf(words[1].toUpperCase(Locale.ROOT))))
                .toList();
    }
}
