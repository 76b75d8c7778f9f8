package hartbeat.lan;

import hartbeat.devices.host.link.LinkCodec;
import hartbeat.devices.host.link.LinkFormatException;
import hartbeat.devices.host.link.LinkMessage;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A process that runs, or stands by to run, a machine. */
final class MachineMember implements Member {
    private final GuestPort machine;
    private final Consumer<GuestPort> whenLive;
    private final Queue<byte[]> control = new ArrayDeque<>();
    private boolean owesTaken;
    private long fencedBy = -1;

    /** @param whenLive told when this member's machine goes live here */
    MachineMember(GuestPort machine, Consumer<GuestPort> whenLive) {
        this.machine = machine;
        this.whenLive = whenLive;
        control.add(LinkCodec.encode(new LinkMessage.Welcome()));
        machine.join(this);
    }

    /** Tells the other end, once for each generation, that it must halt. */
    void fence(long byGeneration) {
        if (fencedBy < byGeneration) {
            fencedBy = byGeneration;
            control.add(LinkCodec.encode(new LinkMessage.Fenced(byGeneration)));
        }
    }

    @Override
    public void receive(byte[] payload, long nowNanos) throws LinkFormatException {
        switch (LinkCodec.decode(payload)) {
            case LinkMessage.Output output -> {
                machine.output(this, output, nowNanos);
                owesTaken = fencedBy < 0;
            }
            case LinkMessage.Logged logged -> machine.logged(logged.device(), logged.ticket());
            case LinkMessage.Announce announce -> machine.announce(this, announce, nowNanos);
            case LinkMessage.Live live -> {
                if (machine.live(this, live)) {
                    whenLive.accept(machine);
                }
            }
            case LinkMessage other ->
                throw new LinkFormatException("expected=a message of a machine, actual="
                        + other.getClass().getSimpleName());
        }
    }

    @Override
    public byte @Nullable [] next() {
        byte[] payload = control.poll();
        if (payload != null) {
            return payload;
        }
        if (owesTaken) {
            owesTaken = false;
            return LinkCodec.encode(new LinkMessage.Taken(machine.lastNumber()));
        }
        LinkMessage.Item item = machine.next(this);
        return item == null ? null : LinkCodec.encode(item);
    }

    @Override
    public void leave(long nowNanos) {
        machine.leave(this, nowNanos);
    }
}
