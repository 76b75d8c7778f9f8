package hartbeat.ft.sim;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Switch, console hub and client: keeps requests under tickets until they are logged, refuses older generations, drops repeats by
 * number, and remembers all that ever came out.
 */
public final class SimLan {
    /** Something that came out of the machine. */
    public record Seen(long atNanos, long generation, String sender, Emission emission) {}

    private final TreeMap<Long, byte[]> kept = new TreeMap<>();
    private final TreeMap<Long, Integer> answers = new TreeMap<>();
    private final TreeMap<Long, Long> answeredNanos = new TreeMap<>();
    private final List<Seen> seen = new ArrayList<>();
    private final List<Seen> refused = new ArrayList<>();
    private long generation;
    private SimHost[] hosts = {};
    private long lastNumber;
    private long tickets;
    private long forgotten;
    private long repeats;
    private long nowNanos;

    public void connect(SimHost... ends) {
        hosts = ends.clone();
    }

    public void now(long nanos) {
        nowNanos = nanos;
    }

    /** The client sends its next request. */
    public void request() {
        byte[] frame =
                ByteBuffer.allocate(16).putLong(++tickets).putLong(tickets * 77).array();
        kept.put(tickets, frame);
        for (SimHost host : hosts) {
            if (host.linkGeneration() == generation && host.isUp()) {
                host.offer(new Input.FrameReceived(ToyGuest.NET, tickets, frame));
            }
        }
    }

    void live(SimHost host, long newGeneration, long afterTicket) {
        if (newGeneration < generation) {
            host.refusedBy(generation);
            return;
        }
        generation = newGeneration;
        kept.headMap(afterTicket, true).clear();
        kept.forEach((ticket, frame) -> host.offer(new Input.FrameReceived(ToyGuest.NET, ticket, frame)));
    }

    void logged(long ticket) {
        forgotten = Math.max(forgotten, ticket);
        kept.headMap(ticket, true).clear();
    }

    void receive(SimHost host, long senderGeneration, Emission emission) {
        Seen item = new Seen(nowNanos, senderGeneration, host.name(), emission);
        if (senderGeneration < generation) {
            refused.add(item);
            host.refusedBy(generation);
            return;
        }
        if (emission.number() <= lastNumber) {
            repeats++;
            return;
        }
        lastNumber = emission.number();
        seen.add(item);
        if (emission.output() instanceof Output.FrameSent frame) {
            long request = ByteBuffer.wrap(frame.frame()).getLong();
            answers.merge(request, 1, Integer::sum);
            answeredNanos.put(request, nowNanos);
        }
    }

    public List<Seen> seen() {
        return seen;
    }

    /** What came from a generation that was over. */
    public List<Seen> refused() {
        return refused;
    }

    public long repeats() {
        return repeats;
    }

    public long requests() {
        return tickets;
    }

    /** By request: how often it was answered. */
    public TreeMap<Long, Integer> answers() {
        return answers;
    }

    public TreeMap<Long, Long> answeredNanos() {
        return answeredNanos;
    }

    /** Everything printed, in order. */
    public String console() {
        StringBuilder text = new StringBuilder();
        for (Seen item : seen) {
            if (item.emission().output() instanceof Output.ConsoleOutput console) {
                text.append(new String(console.bytes(), StandardCharsets.US_ASCII));
            }
        }
        return text.toString();
    }
}
