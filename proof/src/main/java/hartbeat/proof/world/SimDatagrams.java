package hartbeat.proof.world;

import hartbeat.ft.channel.Side;
import hartbeat.ft.detector.Heartbeat;
import hartbeat.ft.detector.HeartbeatCodec;
import hartbeat.ft.detector.HeartbeatPort;
import hartbeat.proof.fault.Seeded;
import java.util.PriorityQueue;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The UDP heartbeats of a pair, through the product's codec: lost, late, repeated and out of order as the network likes. */
public final class SimDatagrams {
    private final LongSupplier now;
    private final Seeded random;
    private final HeartbeatCodec codec;
    private final PriorityQueue<Flying> toPrimary = new PriorityQueue<>();
    private final PriorityQueue<Flying> toBackup = new PriorityQueue<>();
    private final boolean[] blocked = new boolean[2];
    private long latencyNanos;
    private long jitterNanos;
    private int lossPercent;
    private int repeatPercent;
    private long sent;

    private record Flying(long arrivesNanos, long number, byte[] datagram) implements Comparable<Flying> {
        @Override
        public int compareTo(Flying other) {
            int byTime = Long.compare(arrivesNanos, other.arrivesNanos);
            return byTime != 0 ? byTime : Long.compare(number, other.number);
        }
    }

    SimDatagrams(LongSupplier now, Seeded random, HeartbeatCodec codec, long latencyNanos) {
        this.now = now;
        this.random = random;
        this.codec = codec;
        latency(latencyNanos, latencyNanos);
    }

    void latency(long nanos, long jitter) {
        latencyNanos = nanos;
        jitterNanos = jitter;
    }

    void loss(int lostPercent, int repeatedPercent) {
        lossPercent = lostPercent;
        repeatPercent = repeatedPercent;
    }

    void block(Side from, boolean value) {
        blocked[from.ordinal()] = value;
    }

    /** What that side has sent and has not arrived is lost. */
    void vanish(Side from) {
        (from == Side.PRIMARY ? toBackup : toPrimary).clear();
    }

    /** An end as its role sees it. */
    public HeartbeatPort end(Side side) {
        PriorityQueue<Flying> in = side == Side.PRIMARY ? toPrimary : toBackup;
        PriorityQueue<Flying> out = side == Side.PRIMARY ? toBackup : toPrimary;
        return new HeartbeatPort() {
            @Override
            public void send(Heartbeat heartbeat) {
                if (!blocked[side.ordinal()] && !random.chance(lossPercent)) {
                    byte[] datagram = codec.encode(heartbeat);
                    fly(out, datagram);
                    if (random.chance(repeatPercent)) {
                        fly(out, datagram);
                    }
                }
            }

            @Override
            public @Nullable Heartbeat receive() {
                Flying head = in.peek();
                if (head == null || head.arrivesNanos > now.getAsLong()) {
                    return null;
                }
                in.remove();
                return codec.decode(head.datagram, head.datagram.length);
            }
        };
    }

    private void fly(PriorityQueue<Flying> way, byte[] datagram) {
        way.add(new Flying(now.getAsLong() + latencyNanos + random.below(jitterNanos + 1), ++sent, datagram));
    }
}
