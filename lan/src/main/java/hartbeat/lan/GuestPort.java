package hartbeat.lan;

import hartbeat.devices.host.link.LinkFormatException;
import hartbeat.devices.host.link.LinkMessage;
import hartbeat.devices.host.link.LinkMessage.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A machine as the switch knows it, over all the processes that run it one after the other. */
final class GuestPort {
    private static final System.Logger LOG = System.getLogger(GuestPort.class.getName());
    private static final long FRAMES_KEPT_BYTES = 4 << 20;

    private final LinkMessage.Hello identity;
    private final Lan lan;
    private final Map<Integer, Nic> nics = new TreeMap<>();
    private final Map<Integer, GuestConsole> consoles = new TreeMap<>();
    private final List<MachineMember> members = new ArrayList<>();
    private @Nullable MachineMember live;
    private long generation = -1;
    private long lastNumber;
    private long repeats;
    private long fencedOutputs;
    private long leftNanos;
    private boolean off;

    /** A network card of the machine: one port of the LAN. */
    private static final class Nic implements LanPort {
        private final Keeper frames = new Keeper(FRAMES_KEPT_BYTES);

        @Override
        public void deliver(byte[] frame) {
            frames.addLosingOldest(frame);
        }
    }

    GuestPort(LinkMessage.Hello identity, Lan lan) {
        this.identity = identity;
        this.lan = lan;
        identity.nics().forEach(nic -> nics.put(nic.device(), new Nic()));
        identity.consoles().forEach(console -> consoles.put(console.device(), new GuestConsole()));
        nics.values().forEach(lan::attach);
    }

    LinkMessage.Hello identity() {
        return identity;
    }

    /** The highest generation that went live, -1 before the first. */
    long generation() {
        return generation;
    }

    /** Outputs that were dropped because their number had been taken before. */
    long repeats() {
        return repeats;
    }

    /** Outputs that were refused because a later generation is live. */
    long fencedOutputs() {
        return fencedOutputs;
    }

    /** Number of the last output taken. */
    long lastNumber() {
        return lastNumber;
    }

    /** Whether the guest has switched itself off. */
    boolean off() {
        return off;
    }

    /** A console by its device, or the first for -1; null if there is none. */
    @Nullable
    GuestConsole console(int device) {
        if (device < 0) {
            return consoles.isEmpty() ? null : consoles.values().iterator().next();
        }
        return consoles.get(device);
    }

    /** Device index of the first console, -1 if there is none. */
    int firstConsole() {
        return consoles.isEmpty() ? -1 : consoles.keySet().iterator().next();
    }

    void join(MachineMember member) {
        members.add(member);
    }

    void leave(MachineMember member, long nowNanos) {
        members.remove(member);
        if (member.equals(live)) {
            live = null;
        }
        leftNanos = nowNanos;
    }

    /** True if no process of the machine has been connected for so long. */
    boolean abandoned(long nowNanos, long forNanos) {
        return members.isEmpty() && nowNanos - leftNanos >= forNanos;
    }

    /** Takes the machine off the LAN. */
    void remove() {
        nics.values().forEach(lan::detach);
    }

    /** A process says that it runs the machine; true if it is right. */
    boolean live(MachineMember member, LinkMessage.Live message) {
        if (message.generation() < generation) {
            member.fence(generation);
            return false;
        }
        generation = message.generation();
        MachineMember before = live;
        live = member;
        for (LinkMessage.Resume resume : message.resume()) {
            Keeper keeper = keeper(resume.device());
            if (keeper != null) {
                keeper.resumeAfter(resume.ticket());
            }
        }
        if (before != null && !before.equals(member)) {
            // A frozen one learns it as soon as it wakes, before it tries to send.
            before.fence(generation);
        }
        LOG.log(
                System.Logger.Level.DEBUG,
                "machine {0}: generation {1} is live",
                identity.name(),
                Long.toString(generation));
        return true;
    }

    void logged(int device, long ticket) {
        Keeper keeper = keeper(device);
        if (keeper != null) {
            keeper.logged(ticket);
        }
    }

    /** Takes an output, unless it is fenced or a repeat. */
    void output(MachineMember member, LinkMessage.Output output, long nowNanos) throws LinkFormatException {
        if (!permitted(member, output.generation())) {
            fencedOutputs++;
            return;
        }
        if (output.number() <= lastNumber) {
            repeats++;
            return;
        }
        lastNumber = output.number();
        switch (output.kind()) {
            case FRAME -> lan.receive(nic(output.device()), output.bytes(), nowNanos);
            case CONSOLE -> {
                GuestConsole console = consoles.get(output.device());
                if (console == null) {
                    throw new LinkFormatException("output: expected=a console, actual=device " + output.device());
                }
                console.print(output.bytes());
            }
            case OFF -> off = true;
        }
    }

    void announce(MachineMember member, LinkMessage.Announce announce, long nowNanos) throws LinkFormatException {
        if (permitted(member, announce.generation())) {
            lan.receive(nic(announce.device()), announce.frame(), nowNanos);
        }
    }

    /** The next item for {@code member}, null if there is none or it is not live. */
    LinkMessage.@Nullable Item next(MachineMember member) {
        if (!member.equals(live)) {
            return null;
        }
        for (Map.Entry<Integer, GuestConsole> entry : consoles.entrySet()) {
            Keeper.Kept item =
                    entry.getValue().windowOpen() ? entry.getValue().typed().next() : null;
            if (item != null) {
                return new LinkMessage.Item(entry.getKey(), item.ticket(), Kind.CONSOLE, item.data());
            }
        }
        for (Map.Entry<Integer, Nic> entry : nics.entrySet()) {
            Keeper.Kept item = entry.getValue().frames.next();
            if (item != null) {
                return new LinkMessage.Item(entry.getKey(), item.ticket(), Kind.FRAME, item.data());
            }
        }
        return null;
    }

    private boolean permitted(MachineMember member, long ofGeneration) throws LinkFormatException {
        if (ofGeneration > generation) {
            throw new LinkFormatException(
                    "output: expected=generation " + generation + ", which is live, actual=" + ofGeneration);
        }
        if (ofGeneration < generation) {
            member.fence(generation);
            return false;
        }
        return true;
    }

    private Nic nic(int device) throws LinkFormatException {
        Nic nic = nics.get(device);
        if (nic == null) {
            throw new LinkFormatException("output: expected=a network card, actual=device " + device);
        }
        return nic;
    }

    private @Nullable Keeper keeper(int device) {
        Nic nic = nics.get(device);
        GuestConsole console = consoles.get(device);
        return nic != null ? nic.frames : console != null ? console.typed() : null;
    }
}
