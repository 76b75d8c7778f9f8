package hartbeat.proof.check;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.proof.world.Probe;
import hartbeat.proof.world.World;
import java.util.Arrays;
import java.util.List;

/** Compares histories by their contents. */
final class Same {
    private Same() {}

    static boolean inputs(Probe.Applied one, Probe.Applied other) {
        return one.icount() == other.icount() && inputs(one.input(), other.input());
    }

    private static boolean inputs(Input one, Input other) {
        return switch (one) {
            case Input.TimeSample _, Input.WallClock _ -> one.equals(other);
            case Input.ConsoleInput a ->
                other instanceof Input.ConsoleInput b
                        && a.device() == b.device()
                        && a.ticket() == b.ticket()
                        && Arrays.equals(a.bytes(), b.bytes());
            case Input.FrameReceived a ->
                other instanceof Input.FrameReceived b
                        && a.device() == b.device()
                        && a.ticket() == b.ticket()
                        && Arrays.equals(a.frame(), b.frame());
            case Input.DiskCompletion a ->
                other instanceof Input.DiskCompletion b
                        && a.device() == b.device()
                        && a.request() == b.request()
                        && a.status() == b.status()
                        && Arrays.equals(a.data(), b.data());
            case Input.Entropy a ->
                other instanceof Input.Entropy b
                        && a.device() == b.device()
                        && a.request() == b.request()
                        && Arrays.equals(a.bytes(), b.bytes());
        };
    }

    static boolean emissions(Emission one, Emission other) {
        return one.number() == other.number()
                && one.icount() == other.icount()
                && outputs(one.output(), other.output());
    }

    private static boolean outputs(Output one, Output other) {
        return switch (one) {
            case Output.ConsoleOutput a ->
                other instanceof Output.ConsoleOutput b
                        && a.device() == b.device()
                        && Arrays.equals(a.bytes(), b.bytes());
            case Output.FrameSent a ->
                other instanceof Output.FrameSent b && a.device() == b.device() && Arrays.equals(a.frame(), b.frame());
            case Output.DiskRequest a ->
                other instanceof Output.DiskRequest b
                        && a.device() == b.device()
                        && a.request() == b.request()
                        && a.operation() == b.operation()
                        && a.sector() == b.sector()
                        && a.sectors() == b.sectors()
                        && Arrays.equals(a.data(), b.data());
            case Output.EntropyRequest _, Output.PowerOff _, Output.Reset _ -> one.equals(other);
        };
    }

    /** Why what the outside saw is not what this history made, or an empty text. */
    static String outside(World world, Probe history, boolean complete) {
        if (!world.outside().before().isEmpty()) {
            return Torn.outside(world.outside(), history);
        }
        byte[] printed = world.outside().printed();
        List<byte[]> frames = world.outside().frames();
        int bytes = 0;
        int count = 0;
        for (Emission emission : history.emissions()) {
            if (emission.output() instanceof Output.ConsoleOutput console && bytes < printed.length) {
                for (byte b : console.bytes()) {
                    if (bytes < printed.length && printed[bytes] != b) {
                        return "console byte %d differs from output %d".formatted(bytes, emission.number());
                    }
                    bytes++;
                }
            } else if (emission.output() instanceof Output.FrameSent sent && count < frames.size()) {
                if (!Arrays.equals(sent.frame(), frames.get(count))) {
                    return "frame %d differs from output %d".formatted(count, emission.number());
                }
                count++;
            } else if (complete && Checks.isPublic(emission.output())) {
                return "output %d never came out".formatted(emission.number());
            }
        }
        return bytes < printed.length || count < frames.size()
                ? "%d bytes and %d frames came out that were not made"
                        .formatted(printed.length - Math.min(bytes, printed.length), frames.size() - count)
                : "";
    }
}
