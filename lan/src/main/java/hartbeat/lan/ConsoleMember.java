package hartbeat.lan;

import hartbeat.devices.host.link.LinkCodec;
import hartbeat.devices.host.link.LinkFormatException;
import hartbeat.devices.host.link.LinkMessage;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** Somebody who looks at a machine's console and types. It may come before the machine does. */
final class ConsoleMember implements Member {
    private static final int CHUNK_BYTES = 32 << 10;
    private static final int EARLY_BYTES = 64 << 10;

    private final LinkMessage.Attach wish;
    private final Queue<byte[]> control = new ArrayDeque<>();
    /** What was typed before the machine came. */
    private final Queue<byte[]> early = new ArrayDeque<>();

    private int earlyBytes;
    private @Nullable GuestPort machine;
    private @Nullable GuestConsole console;
    private long position;
    private boolean ended;

    ConsoleMember(LinkMessage.Attach wish) {
        this.wish = wish;
        control.add(LinkCodec.encode(new LinkMessage.Welcome()));
    }

    /** Shows it the machine's console, if this is the machine that it waits for. */
    void offer(GuestPort machine) {
        boolean wanted = wish.machineId().isEmpty()
                || wish.machineId().equals(machine.identity().machineId());
        if (console != null || ended || !wanted) {
            return;
        }
        GuestConsole found = machine.console(wish.device());
        if (found == null) {
            refuse("machine " + machine.identity().name() + " has no such console");
            return;
        }
        this.machine = machine;
        console = found;
        position = wish.from() < 0 ? found.oldest() : Math.clamp(wish.from(), found.oldest(), found.printed());
        int device = wish.device() < 0 ? machine.firstConsole() : wish.device();
        control.add(LinkCodec.encode(new LinkMessage.Attached(
                machine.identity().machineId(), machine.identity().name(), device, position)));
        early.forEach(found::type);
        early.clear();
    }

    /** Ends the connection with a reason. */
    void refuse(String reason) {
        control.add(LinkCodec.encode(new LinkMessage.Refused(reason)));
        ended = true;
    }

    /** Ends the connection if it shows a console of {@code machine}, which is gone. */
    void machineGone(GuestPort machine) {
        if (console != null && console.equals(machine.console(wish.device()))) {
            refuse("machine " + machine.identity().name() + " is gone");
        }
    }

    @Override
    public void receive(byte[] payload, long nowNanos) throws LinkFormatException {
        if (!(LinkCodec.decode(payload) instanceof LinkMessage.Typed typed)) {
            throw new LinkFormatException("expected=typed bytes from a console client");
        }
        GuestConsole to = console;
        if (to != null) {
            to.type(typed.bytes());
        } else {
            early.add(typed.bytes());
            earlyBytes += typed.bytes().length;
        }
    }

    @Override
    public boolean readable() {
        GuestConsole to = console;
        return to != null ? to.takesInput() : earlyBytes < EARLY_BYTES;
    }

    @Override
    public byte @Nullable [] next() {
        byte[] payload = control.poll();
        GuestConsole from = console;
        if (payload != null || from == null) {
            return payload;
        }
        if (position >= from.printed()) {
            return whenOff();
        }
        // A client too slow for the history misses output and sees so by the position; the machine does not wait for
        // onlookers.
        position = Math.max(position, from.oldest());
        byte[] bytes = from.output(position, CHUNK_BYTES);
        byte[] printed = LinkCodec.encode(new LinkMessage.Printed(position, bytes));
        position += bytes.length;
        return printed;
    }

    /** The last word to who has seen everything that a guest printed which is off. */
    private byte @Nullable [] whenOff() {
        if (ended || machine == null || !machine.off()) {
            return null;
        }
        ended = true;
        return LinkCodec.encode(new LinkMessage.Off());
    }

    @Override
    public boolean ended() {
        return ended;
    }

    @Override
    public void leave(long nowNanos) {
        early.clear();
    }
}
