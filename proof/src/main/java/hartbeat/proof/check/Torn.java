package hartbeat.proof.check;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Output;
import hartbeat.proof.world.Outside;
import hartbeat.proof.world.Probe;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the outside saw through several switches, one after the other: each has passed on a part of one history in its order. What a
 * switch had when it was killed may be missing, and what it had passed on without saying so may come again from the next.
 */
final class Torn {
    private Torn() {}

    /** Why it is no such thing, or an empty text. */
    static String outside(Outside outside, Probe history) {
        List<byte[]> made = new ArrayList<>();
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        for (Emission emission : history.emissions()) {
            switch (emission.output()) {
                case Output.FrameSent sent -> made.add(sent.frame());
                case Output.ConsoleOutput console -> text.writeBytes(console.bytes());
                default -> {}
            }
        }
        List<Outside.Segment> ends = new ArrayList<>(outside.before());
        byte[] printed = outside.printed();
        ends.add(new Outside.Segment(outside.frames().size(), printed.length));
        int frame = 0;
        int at = 0;
        for (Outside.Segment end : ends) {
            String wrong = inOrder(outside.frames().subList(frame, end.frames()), made);
            if (!wrong.isEmpty()) {
                return wrong;
            }
            if (!contains(text.toByteArray(), Arrays.copyOfRange(printed, at, end.printedBytes()))) {
                return "console bytes %d to %d are no part of what was printed".formatted(at, end.printedBytes());
            }
            frame = end.frames();
            at = end.printedBytes();
        }
        return "";
    }

    private static String inOrder(List<byte[]> seen, List<byte[]> made) {
        int next = 0;
        for (int i = 0; i < seen.size(); i++) {
            while (next < made.size() && !Arrays.equals(made.get(next), seen.get(i))) {
                next++;
            }
            if (next == made.size()) {
                return "frame %d of a switch was not made after the one before it".formatted(i);
            }
            next++;
        }
        return "";
    }

    private static boolean contains(byte[] all, byte[] part) {
        for (int from = 0; from + part.length <= all.length; from++) {
            if (Arrays.equals(all, from, from + part.length, part, 0, part.length)) {
                return true;
            }
        }
        return false;
    }
}
