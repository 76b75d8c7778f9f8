package hartbeat.devices.host.link;

import hartbeat.devices.host.link.LinkMessage.Kind;
import hartbeat.devices.virtio.net.VirtioNet;
import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.InputSink;
import hartbeat.emulator.io.Output;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The machine's end of its link, without socket, thread or time: what was sent and not taken yet, what was received and not yet given
 * to the machine. A connection comes and goes under it. Safe to call from the role's thread and the socket's; no method waits.
 */
public final class LinkEndpoint {
    private static final int HELD_BYTES = 4 << 20;
    private static final int OVERHEAD_BYTES = 64;
    private static final int WAITING_FRAMES = 256;
    /** Twice what a switch keeps of what was typed. */
    private static final int WAITING_CONSOLE_BYTES = 512 << 10;

    private final LinkMessage.Hello hello;
    private final InputSink sink;
    private final Runnable wake;
    private final Runnable roomAgain;
    private final GuestAddresses addresses = new GuestAddresses();
    private final Map<Integer, Port> ports = new TreeMap<>();
    /** Payloads without numbers: greetings, acknowledgements, announcements. Sent before outputs. */
    private final Deque<byte[]> control = new ArrayDeque<>();
    /** Outputs that the switch has not taken, oldest first. */
    private final Deque<Held> held = new ArrayDeque<>();
    /** Those of {@link #held} that this connection has not sent. */
    private final Deque<Held> unsent = new ArrayDeque<>();

    private long heldBytes;
    private long taken;
    private long generation = -1;
    private long fencedBy;
    private long lostOutputs;
    private boolean connected;
    private boolean welcomed;

    private record Held(LinkMessage.Output output, byte[] payload) {
        static Held of(LinkMessage.Output output) {
            return new Held(output, LinkCodec.encode(output));
        }

        long number() {
            return output.number();
        }

        Held under(long generation) {
            return of(new LinkMessage.Output(
                    generation, output.number(), output.device(), output.kind(), output.bytes()));
        }
    }

    /** One device of the machine that receives. */
    private static final class Port {
        final Kind kind;
        final Deque<Input> waiting = new ArrayDeque<>();
        long received;
        long logged;
        long waitingBytes;

        Port(Kind kind) {
            this.kind = kind;
        }
    }

    /**
     * @param hello who the machine is and which devices it has
     * @param sink takes frames and typed bytes; may refuse for want of room, see {@link #retry}
     * @param wake called when there is something to send: the edge then asks {@link #next}
     * @param roomAgain called when outputs were taken, so that {@link #canSend} may have become true, or when this side was fenced
     */
    public LinkEndpoint(LinkMessage.Hello hello, InputSink sink, Runnable wake, Runnable roomAgain) {
        this.hello = hello;
        this.sink = sink;
        this.wake = wake;
        this.roomAgain = roomAgain;
        hello.nics().forEach(nic -> ports.put(nic.device(), new Port(Kind.FRAME)));
        hello.consoles().forEach(console -> ports.put(console.device(), new Port(Kind.CONSOLE)));
    }

    // What the role calls.

    /**
     * False while so much is on its way that the machine should wait. True without a connection: a dead switch must not stop the
     * guest, so the oldest outputs are lost then, as on a cut cable.
     */
    public synchronized boolean canSend() {
        return heldBytes < HELD_BYTES || !connected;
    }

    /**
     * Takes a frame, console bytes, or that the guest is off, to leave at the latest with the next {@link #flush}; other outputs are none of the link's
     * and are ignored.
     */
    public synchronized void send(long ofGeneration, Emission emission) {
        addresses.observe(emission);
        LinkMessage.Output output = output(ofGeneration, emission);
        if (output == null || fencedBy != 0) {
            return;
        }
        Held entry = Held.of(output);
        held.add(entry);
        unsent.add(entry);
        heldBytes += entry.payload.length + OVERHEAD_BYTES;
        loseOldest();
    }

    /** Lets out what was sent: the edge is woken once for all of it. */
    public void flush() {
        wake.run();
    }

    /** Looks at an output that is withheld, to know the guest's address when this side goes live. */
    public synchronized void observe(Emission emission) {
        addresses.observe(emission);
    }

    /** Inputs of {@code device} up to {@code ticket} are in a log; the switch can forget them. */
    public void logged(int device, long ticket) {
        synchronized (this) {
            Port port = ports.get(device);
            if (port == null || ticket <= port.logged) {
                return;
            }
            port.logged = ticket;
            if (connected) {
                control.add(LinkCodec.encode(new LinkMessage.Logged(device, ticket)));
            }
        }
        wake.run();
    }

    /**
     * This process runs the machine from now on.
     *
     * @param newGeneration its leadership term; 0 for a plain run, whose inputs count as logged once the sink has taken them
     * @param resumeAfterTicket by device index: the last ticket in the machine's history
     */
    public void live(long newGeneration, long[] resumeAfterTicket) {
        synchronized (this) {
            generation = newGeneration;
            // They follow the message that this generation is live, and the switch would refuse them under the one
            // before.
            renew(held);
            renew(unsent);
            ports.forEach((device, port) -> {
                port.waiting.clear();
                port.waitingBytes = 0;
                port.received = device < resumeAfterTicket.length ? resumeAfterTicket[device] : 0;
            });
            if (connected) {
                presentLive();
            }
        }
        wake.run();
    }

    /** The generation that fenced this side off, 0 if none did. Nothing is sent any more then. */
    public synchronized long fencedBy() {
        return fencedBy;
    }

    /** All outputs up to this number have been taken by the switch: they are out, whatever happens to this host. */
    public synchronized long taken() {
        return taken;
    }

    /**
     * Every output given to {@link #send} up to this number has been taken by the switch (or was given up); {@link Long#MAX_VALUE}
     * if none is under way. What lies after it would die with this process.
     */
    public synchronized long delivered() {
        return held.isEmpty() ? Long.MAX_VALUE : held.element().number() - 1;
    }

    /** True if every output that was sent has been taken. */
    public synchronized boolean drained() {
        return held.isEmpty();
    }

    /** Outputs that were given up while no switch could be reached. */
    public synchronized long lostOutputs() {
        return lostOutputs;
    }

    public synchronized boolean connected() {
        return connected;
    }

    /** Gives the sink what it refused before; call when it has room. */
    public synchronized void retry() {
        ports.forEach(this::pass);
    }

    // What the edge calls.

    /** A connection stands; everything that the switch must know is told again. */
    public synchronized void connect() {
        connected = true;
        welcomed = false;
        control.clear();
        control.add(LinkCodec.upgrade(hello));
        if (generation >= 0) {
            presentLive();
        }
        ports.forEach((device, port) -> {
            if (port.logged > 0) {
                control.add(LinkCodec.encode(new LinkMessage.Logged(device, port.logged)));
            }
        });
        unsent.clear();
        unsent.addAll(held);
    }

    /** The connection is gone; what was under way stays held. */
    public synchronized void disconnect() {
        connected = false;
        control.clear();
        loseOldest();
    }

    /** The next payload to write, or null if there is none now. */
    public synchronized byte @Nullable [] next() {
        if (!connected) {
            return null;
        }
        byte[] payload = control.poll();
        if (payload != null) {
            return payload;
        }
        Held output = unsent.poll();
        return output == null ? null : output.payload;
    }

    /**
     * A payload from the switch.
     *
     * @throws LinkFormatException if it is garbage or not for a machine; the connection must be dropped
     */
    public void received(byte[] payload) throws LinkFormatException {
        synchronized (this) {
            // Until it has read our greeting, the switch takes us for a foreign member and may send us plain frames.
            if (!welcomed && LinkCodec.frame(payload)) {
                return;
            }
            LinkMessage message = LinkCodec.decode(payload);
            switch (message) {
                case LinkMessage.Item item -> item(item);
                case LinkMessage.Taken m -> taken(m.number());
                case LinkMessage.Fenced m -> fenced(m.byGeneration());
                case LinkMessage.Welcome _ -> welcomed = true;
                case LinkMessage.Refused m -> throw new LinkFormatException("refused by the switch: " + m.reason());
                case LinkMessage.Hello _,
                        LinkMessage.Live _,
                        LinkMessage.Logged _,
                        LinkMessage.Output _,
                        LinkMessage.Announce _,
                        LinkMessage.Attach _,
                        LinkMessage.Attached _,
                        LinkMessage.Printed _,
                        LinkMessage.Typed _,
                        LinkMessage.Off _ ->
                    throw new LinkFormatException("expected=a message of a switch, actual="
                            + message.getClass().getSimpleName());
            }
        }
    }

    private void item(LinkMessage.Item item) throws LinkFormatException {
        Port port = ports.get(item.device());
        if (port == null || port.kind != item.kind()) {
            throw new LinkFormatException(
                    "item: expected=a device of this machine, actual=" + item.kind() + " for device " + item.device());
        }
        if (generation < 0 || fencedBy != 0 || item.ticket() <= port.received) {
            return;
        }
        boolean frame = port.kind == Kind.FRAME;
        int length = item.bytes().length;
        if (frame
                && (port.waiting.size() >= WAITING_FRAMES
                        || length < VirtioNet.MIN_FRAME_BYTES
                        || length > VirtioNet.MAX_FRAME_BYTES)) {
            // As a network card does whose ring is full, or with what is no frame. It must not hold up the console
            // behind it.
            port.received = item.ticket();
            return;
        }
        if (!frame && port.waitingBytes + length + OVERHEAD_BYTES > WAITING_CONSOLE_BYTES) {
            throw new LinkFormatException("console items: expected=no more than were asked for, actual=more");
        }
        port.received = item.ticket();
        port.waitingBytes += length + OVERHEAD_BYTES;
        port.waiting.add(
                frame
                        ? new Input.FrameReceived(item.device(), item.ticket(), item.bytes())
                        : new Input.ConsoleInput(item.device(), item.ticket(), item.bytes()));
        pass(item.device(), port);
    }

    private void pass(int device, Port port) {
        long before = port.logged;
        while (!port.waiting.isEmpty() && sink.offer(port.waiting.element())) {
            Input input = port.waiting.remove();
            port.waitingBytes -= length(input) + OVERHEAD_BYTES;
            if (generation == 0) {
                port.logged = ticket(input);
            }
        }
        if (port.logged != before && connected) {
            control.add(LinkCodec.encode(new LinkMessage.Logged(device, port.logged)));
            wake.run();
        }
    }

    private static int length(Input input) {
        return switch (input) {
            case Input.FrameReceived frame -> frame.frame().length;
            case Input.ConsoleInput console -> console.bytes().length;
            case Input.TimeSample _, Input.WallClock _, Input.DiskCompletion _, Input.Entropy _ -> 0;
        };
    }

    private static long ticket(Input input) {
        return switch (input) {
            case Input.FrameReceived frame -> frame.ticket();
            case Input.ConsoleInput console -> console.ticket();
            case Input.TimeSample _, Input.WallClock _, Input.DiskCompletion _, Input.Entropy _ -> 0;
        };
    }

    private void taken(long number) {
        taken = Math.max(taken, number);
        while (!held.isEmpty() && held.element().number() <= taken) {
            forget(held.remove());
        }
        while (!unsent.isEmpty() && unsent.element().number() <= taken) {
            unsent.remove();
        }
        if (held.isEmpty()) {
            notifyAll();
        }
        roomAgain.run();
    }

    private void fenced(long by) {
        if (by <= generation || generation < 0) {
            return;
        }
        fencedBy = by;
        held.clear();
        unsent.clear();
        control.clear();
        heldBytes = 0;
        System.getLogger(LinkEndpoint.class.getName())
                .log(System.Logger.Level.DEBUG, "switch: generation {0} is fenced by generation {1}", generation, by);
        notifyAll();
        roomAgain.run();
    }

    private void presentLive() {
        List<LinkMessage.Resume> resume = new ArrayList<>();
        ports.forEach((device, port) -> resume.add(new LinkMessage.Resume(device, port.received)));
        control.add(LinkCodec.encode(new LinkMessage.Live(generation, resume)));
        for (LinkMessage.Nic nic : hello.nics()) {
            byte[] frame = addresses.announcement(nic.device(), nic.mac());
            control.add(LinkCodec.encode(new LinkMessage.Announce(generation, nic.device(), frame)));
        }
    }

    private LinkMessage.@Nullable Output output(long ofGeneration, Emission emission) {
        return switch (emission.output()) {
            case Output.FrameSent sent ->
                new LinkMessage.Output(ofGeneration, emission.number(), sent.device(), Kind.FRAME, sent.frame());
            case Output.ConsoleOutput printed ->
                new LinkMessage.Output(
                        ofGeneration, emission.number(), printed.device(), Kind.CONSOLE, printed.bytes());
            case Output.PowerOff off ->
                new LinkMessage.Output(
                        ofGeneration, emission.number(), 0, Kind.OFF, new byte[] {(byte) off.exitCode()});
            case Output.DiskRequest _, Output.EntropyRequest _, Output.Reset _ -> null;
        };
    }

    private void loseOldest() {
        while (!connected && heldBytes > HELD_BYTES) {
            Held oldest = held.remove();
            if (unsent.size() > held.size()) {
                unsent.remove();
            }
            forget(oldest);
            lostOutputs++;
        }
    }

    /** What no connection has carried yet belongs to the history of the generation that goes on with it. */
    private void renew(Deque<Held> entries) {
        for (int i = entries.size(); i > 0; i--) {
            entries.add(entries.remove().under(generation));
        }
    }

    private void forget(Held entry) {
        heldBytes -= entry.payload.length + OVERHEAD_BYTES;
    }
}
