package hartbeat.lan;

import hartbeat.devices.host.link.LinkCodec;
import hartbeat.devices.host.link.LinkEndpoint;
import hartbeat.devices.host.link.LinkFormatException;
import hartbeat.devices.host.link.LinkMessage;
import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Random;

/**
 * One machine that echoes, run by one process after the other behind a real {@link Switch} and real {@link LinkEndpoint}s, in one
 * thread, from a seed. Its log reaches the next process late; outputs leave only once the log that explains them has.
 */
final class PairStory {
    static final String MACHINE = "000102030405060708090a0b0c0d0e0f";
    static final long GUEST_MAC = 0x020000000001L;
    private static final long PEER_MAC = 0x020000000002L;
    private static final int NIC = 0;
    private static final int CONSOLE = 1;

    /** A rule that the story breaks on purpose, to prove that the checks would see it. */
    enum Breach {
        NONE,
        /** Inputs are called logged when they are applied, not when a log holds them. */
        LOGGED_TOO_EARLY,
        /** The successor asks for inputs after those that its predecessor had, logged or not. */
        RESUMED_TOO_LATE,
        /** The successor asks for all inputs again. */
        RESUMED_TOO_EARLY,
        /** The successor numbers its outputs anew. */
        NUMBERED_ANEW,
        /** The predecessor goes on under its successor's generation. */
        STOLEN_GENERATION
    }

    private final Switch lan = new Switch();
    private final Random random;
    private final Breach breach;
    private final int console;
    private final int peer;
    private final ByteArrayOutputStream typed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final List<Integer> sentFrames = new ArrayList<>();
    private final List<Integer> echoedFrames = new ArrayList<>();
    private Side live;
    private long generation;
    private long now;

    /** A process of the pair and the history that it holds. */
    private final class Side {
        final List<Input.ToDevice> history = new ArrayList<>();
        final Deque<Input> inbox = new ArrayDeque<>();
        final LinkEndpoint link = new LinkEndpoint(
                new LinkMessage.Hello(
                        MACHINE,
                        "guest",
                        List.of(new LinkMessage.Nic(NIC, GUEST_MAC)),
                        List.of(new LinkMessage.Console(CONSOLE))),
                inbox::add,
                () -> {},
                () -> {});
        final int connection = lan.connect("process");
        long generation;
        int shipped;
        int released;
        int firstNumber = 1;

        Side() {
            link.connect();
        }

        void goLive(long term) {
            generation = term;
            long[] resume = new long[2];
            history.forEach(input -> resume[input.device()] = ticket(input));
            if (breach == Breach.RESUMED_TOO_LATE) {
                Arrays.setAll(resume, i -> resume[i] + 1);
            } else if (breach == Breach.RESUMED_TOO_EARLY) {
                Arrays.fill(resume, 0);
            } else if (breach == Breach.NUMBERED_ANEW) {
                firstNumber = 1 - released;
            }
            link.live(term, resume);
        }

        void apply() {
            while (!inbox.isEmpty()) {
                Input.ToDevice input = (Input.ToDevice) inbox.remove();
                history.add(input);
                if (breach == Breach.LOGGED_TOO_EARLY) {
                    link.logged(input.device(), ticket(input));
                }
            }
        }

        /** The log's next entries reach the successor, and what they explain may go out. */
        void ship(Side successor) {
            int end = shipped + random.nextInt(history.size() - shipped + 1);
            for (Input.ToDevice input : history.subList(shipped, end)) {
                successor.history.add(input);
                link.logged(input.device(), ticket(input));
            }
            shipped = end;
            release(end);
        }

        void release(int end) {
            for (; released < end; released++) {
                link.send(generation, echo(history.get(released), released));
            }
        }

        Emission echo(Input.ToDevice input, int index) {
            Output output = switch (input) {
                case Input.ConsoleInput c -> new Output.ConsoleOutput(CONSOLE, c.bytes());
                case Input.FrameReceived f -> new Output.FrameSent(NIC, frame(PEER_MAC, GUEST_MAC, number(f.frame())));
                default -> throw new AssertionError(input);
            };
            return new Emission(firstNumber + index, index, output);
        }

        /** Moves up to {@code limit} payloads each way. */
        void move(int limit) {
            for (int i = 0; i < limit; i++) {
                byte[] out = link.next();
                if (out != null) {
                    lan.receive(connection, out, now);
                }
                byte[] in = lan.next(connection);
                if (in != null) {
                    receive(in);
                }
                if (out == null && in == null) {
                    return;
                }
            }
        }

        private void receive(byte[] payload) {
            try {
                link.received(payload);
            } catch (LinkFormatException e) {
                throw new AssertionError(e);
            }
        }
    }

    PairStory(long seed, Breach breach) {
        random = new Random(seed);
        this.breach = breach;
        console = lan.connect("console");
        lan.receive(console, LinkCodec.upgrade(new LinkMessage.Attach("", -1, -1)), now);
        peer = lan.connect("peer");
        live = new Side();
        live.goLive(++generation);
        // A frame for a machine that the switch has never heard of is nobody's.
        live.move(1);
    }

    /** Runs the story; what went wrong, in one line each. */
    List<String> run(int takeOvers, int stepsEach) {
        for (int i = 0; i <= takeOvers; i++) {
            Side successor = new Side();
            successor.history.addAll(live.history);
            for (int step = 0; step < stepsEach; step++) {
                step(successor);
            }
            if (i < takeOvers) {
                takeOver(successor);
            } else {
                settle(successor);
            }
        }
        return violations();
    }

    private void step(Side successor) {
        now += 1_000_000;
        switch (random.nextInt(6)) {
            case 0 -> type(1 + random.nextInt(40));
            case 1 -> sendFrame();
            case 2 -> live.move(random.nextInt(8));
            case 3 -> live.apply();
            case 4 -> live.ship(successor);
            default -> hear();
        }
        successor.move(2);
    }

    private void takeOver(Side successor) {
        Side old = live;
        // What it had written before it died arrives; what it had not is lost.
        old.move(random.nextInt(4));
        boolean frozen = random.nextBoolean();
        if (!frozen) {
            lan.disconnect(old.connection, now);
        }
        // The predecessor told which outputs were out; it may not have told the last ones.
        successor.released = Math.max(0, (int) old.link.taken() - random.nextInt(4));
        int doubtful = successor.history.size();
        live = successor;
        successor.goLive(++generation);
        successor.release(doubtful);
        successor.move(random.nextInt(6));
        if (frozen) {
            wake(old);
        }
        successor.shipped = doubtful;
        successor.history.forEach(input -> successor.link.logged(input.device(), ticket(input)));
    }

    /** The predecessor wakes and would go on as if nothing had happened. */
    private void wake(Side old) {
        live.move(20);
        if (breach == Breach.STOLEN_GENERATION) {
            old.generation = generation;
            old.firstNumber = 1000;
        }
        old.history.add(new Input.ConsoleInput(CONSOLE, 999, new byte[] {'!'}));
        old.release(old.history.size());
        old.move(50);
        if (old.link.fencedBy() != generation && breach == Breach.NONE) {
            throw new AssertionError("expected=fenced by " + generation + ", actual=" + old.link.fencedBy());
        }
        lan.disconnect(old.connection, now);
    }

    private void settle(Side successor) {
        live.move(1000);
        live.apply();
        while (live.shipped < live.history.size()) {
            live.ship(successor);
            live.move(1000);
            live.apply();
        }
        live.move(1000);
        hear();
    }

    private void type(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) ('a' + (typed.size() + i) % 23);
        }
        typed.writeBytes(bytes);
        lan.receive(console, LinkCodec.encode(new LinkMessage.Typed(bytes)), now);
    }

    private void sendFrame() {
        sentFrames.add(sentFrames.size());
        lan.receive(peer, frame(GUEST_MAC, PEER_MAC, sentFrames.size() - 1), now);
    }

    private void hear() {
        try {
            for (byte[] in = lan.next(console); in != null; in = lan.next(console)) {
                if (LinkCodec.decode(in) instanceof LinkMessage.Printed message) {
                    if (message.position() != printed.size()) {
                        throw new AssertionError(
                                "console: expected=position " + printed.size() + ", actual=" + message);
                    }
                    printed.writeBytes(message.bytes());
                }
            }
        } catch (LinkFormatException e) {
            throw new AssertionError(e);
        }
        for (byte[] in = lan.next(peer); in != null; in = lan.next(peer)) {
            if (ByteBuffer.wrap(in).getShort(12) == 0x0800) {
                echoedFrames.add(number(in));
            }
        }
    }

    private List<String> violations() {
        List<String> violations = new ArrayList<>();
        String expected = typed.toString(StandardCharsets.ISO_8859_1);
        String actual = printed.toString(StandardCharsets.ISO_8859_1);
        if (!actual.equals(expected)) {
            violations.add("console: expected=" + expected + ", actual=" + actual);
        }
        if (!echoedFrames.equals(sentFrames)) {
            violations.add("frames: expected=" + sentFrames + ", actual=" + echoedFrames);
        }
        return violations;
    }

    private static long ticket(Input.ToDevice input) {
        return switch (input) {
            case Input.ConsoleInput c -> c.ticket();
            case Input.FrameReceived f -> f.ticket();
            default -> throw new AssertionError(input);
        };
    }

    private static byte[] frame(long to, long from, int number) {
        return ByteBuffer.allocate(60)
                .putShort((short) (to >>> 32))
                .putInt((int) to)
                .putShort((short) (from >>> 32))
                .putInt((int) from)
                .putShort((short) 0x0800)
                .putInt(number)
                .array();
    }

    private static int number(byte[] frame) {
        return ByteBuffer.wrap(frame).getInt(14);
    }
}
