package hartbeat.lan;

import hartbeat.devices.host.link.LinkCodec;
import hartbeat.devices.host.link.LinkFormatException;
import hartbeat.devices.host.link.LinkMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * LAN switch and console hub without sockets, threads or clock: connections are numbers, payloads come and go by method calls, time is
 * an argument. Used by one thread.
 */
public final class Switch {
    /** A machine without any process is forgotten after this time. */
    public static final long FORGET_NANOS = 600_000_000_000L;

    private static final System.Logger LOG = System.getLogger(Switch.class.getName());
    private static final int MAX_CONNECTIONS = 256;
    private static final int MAX_MACHINES = 64;

    private final Lan lan = new Lan();
    private final Map<Integer, Connection> connections = new TreeMap<>();
    private final Map<String, GuestPort> machines = new TreeMap<>();
    private @Nullable GuestPort liveLast;
    private int lastConnection;
    private long dropped;

    /** A connection and what is known of its other end. */
    private static final class Connection {
        final String name;
        Member member;
        boolean greeted;

        Connection(String name, Member member) {
            this.name = name;
            this.member = member;
        }
    }

    /**
     * Figures of the switch since its start.
     *
     * @param connections open now
     * @param machines known now
     * @param forwarded frames sent to one port
     * @param flooded frames sent to all others
     * @param repeats numbered outputs that were dropped because they had been taken before
     * @param fenced outputs of an older generation that were refused
     * @param dropped connections that were ended because of garbage
     */
    public record Counters(
            int connections, int machines, long forwarded, long flooded, long repeats, long fenced, long dropped) {}

    /**
     * Somebody has connected; a foreign member until its first payload says otherwise.
     *
     * @param name for messages
     * @return the connection's number, or -1 if there are too many
     */
    public int connect(String name) {
        return connect(name, frame -> true);
    }

    /** As {@link #connect(String)}, for a foreign member that is given only the frames that are {@code wanted}. */
    public int connect(String name, Predicate<byte[]> wanted) {
        if (connections.size() >= MAX_CONNECTIONS) {
            LOG.log(System.Logger.Level.WARNING, "{0} refused: more than {1} connections", name, MAX_CONNECTIONS);
            return -1;
        }
        connections.put(++lastConnection, new Connection(name, new PlainMember(lan, wanted)));
        return lastConnection;
    }

    /** The connection is gone, or is to be dropped. */
    public void disconnect(int connection, long nowNanos) {
        Connection gone = connections.remove(connection);
        if (gone != null) {
            gone.member.leave(nowNanos);
        }
    }

    /**
     * A payload has come in.
     *
     * @return false if it is garbage: the reason is in the log, and the connection must be closed once {@link #next} has nothing
     *     more for it
     */
    public boolean receive(int connection, byte[] payload, long nowNanos) {
        Connection from = connections.get(connection);
        if (from == null) {
            return false;
        }
        try {
            if (!from.greeted) {
                from.greeted = true;
                LinkMessage first = LinkCodec.upgraded(payload);
                if (first != null) {
                    upgrade(from, first, nowNanos);
                    return true;
                }
            }
            from.member.receive(payload, nowNanos);
            return true;
        } catch (LinkFormatException e) {
            dropped++;
            LOG.log(System.Logger.Level.WARNING, "{0} dropped: {1}", from.name, e.getMessage());
            ConsoleMember last = new ConsoleMember(new LinkMessage.Attach("", -1, -1));
            last.refuse(String.valueOf(e.getMessage()));
            from.member.leave(nowNanos);
            from.member = last;
            return false;
        }
    }

    /** The next payload to write on a connection, or null if there is none now. */
    public byte @Nullable [] next(int connection) {
        Connection to = connections.get(connection);
        return to == null ? null : to.member.next();
    }

    /** Longest payload that the connection may send. */
    public int maxPayloadBytes(int connection) {
        Connection of = connections.get(connection);
        return of != null && of.member instanceof MachineMember
                ? LinkCodec.MAX_PAYLOAD_BYTES
                : LinkCodec.MAX_FRAME_BYTES;
    }

    /** False while the connection should not be read, so that its sender waits. */
    public boolean readable(int connection) {
        Connection of = connections.get(connection);
        return of != null && of.member.readable();
    }

    /** True if the connection is to be closed once {@link #next} has nothing more. */
    public boolean ended(int connection) {
        Connection of = connections.get(connection);
        return of == null || of.member.ended();
    }

    /** Forgets machines that are gone for good; call now and then. */
    public void poll(long nowNanos) {
        for (GuestPort machine : List.copyOf(machines.values())) {
            if (machine.abandoned(nowNanos, FORGET_NANOS)) {
                machines.remove(machine.identity().machineId());
                machine.remove();
                if (machine.equals(liveLast)) {
                    liveLast = null;
                }
                consoles().forEach(console -> console.machineGone(machine));
            }
        }
    }

    public Counters counters() {
        long repeats = machines.values().stream().mapToLong(GuestPort::repeats).sum();
        long fenced =
                machines.values().stream().mapToLong(GuestPort::fencedOutputs).sum();
        return new Counters(
                connections.size(), machines.size(), lan.forwarded(), lan.flooded(), repeats, fenced, dropped);
    }

    private void upgrade(Connection from, LinkMessage first, long nowNanos) throws LinkFormatException {
        Member upgraded = switch (first) {
            case LinkMessage.Hello hello -> new MachineMember(machine(hello), this::wentLive);
            case LinkMessage.Attach attach -> console(attach);
            case LinkMessage other ->
                throw new LinkFormatException("first message: expected=Hello or Attach, actual="
                        + other.getClass().getSimpleName());
        };
        from.member.leave(nowNanos);
        from.member = upgraded;
    }

    private GuestPort machine(LinkMessage.Hello hello) throws LinkFormatException {
        GuestPort machine = machines.get(hello.machineId());
        if (machine == null) {
            if (machines.size() >= MAX_MACHINES) {
                throw new LinkFormatException("machines: expected=at most " + MAX_MACHINES + ", actual=one more");
            }
            machine = new GuestPort(hello, lan);
            machines.put(hello.machineId(), machine);
        } else if (!machine.identity().nics().equals(hello.nics())
                || !machine.identity().consoles().equals(hello.consoles())) {
            throw new LinkFormatException("machine " + hello.machineId() + ": expected="
                    + machine.identity().nics() + " " + machine.identity().consoles() + " as before, actual="
                    + hello.nics() + " " + hello.consoles());
        }
        return machine;
    }

    private ConsoleMember console(LinkMessage.Attach attach) {
        ConsoleMember member = new ConsoleMember(attach);
        GuestPort machine = attach.machineId().isEmpty() ? liveLast : machines.get(attach.machineId());
        if (machine != null) {
            member.offer(machine);
        }
        return member;
    }

    private void wentLive(GuestPort machine) {
        liveLast = machine;
        consoles().forEach(console -> console.offer(machine));
    }

    private List<ConsoleMember> consoles() {
        List<ConsoleMember> consoles = new ArrayList<>();
        for (Connection connection : connections.values()) {
            if (connection.member instanceof ConsoleMember console) {
                consoles.add(console);
            }
        }
        return consoles;
    }
}
