package hartbeat.proof.world;

import hartbeat.ft.channel.Side;
import hartbeat.ft.detector.HeartbeatCodec;
import hartbeat.proof.fault.Seeded;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** What connects the first process with every other: a stream and datagrams for each. What befalls the network befalls all of them. */
final class Lines {
    private static final long CHANNEL_BYTES = 1 << 20;

    private final List<SimChannel> channels = new ArrayList<>();
    private final List<SimDatagrams> datagrams = new ArrayList<>();

    /** @param proved whether the sides have proved themselves to each other already */
    Lines(long seed, int processes, HeartbeatCodec codec, LongSupplier now, long latencyNanos, boolean proved) {
        for (int process = 1; process < processes; process++) {
            String number = process == 1 ? "" : String.valueOf(process);
            channels.add(new SimChannel(now, Seeded.of(seed, "channel" + number), latencyNanos, CHANNEL_BYTES, proved));
            datagrams.add(new SimDatagrams(now, Seeded.of(seed, "datagrams" + number), codec, latencyNanos));
        }
    }

    /** The stream between the first process and another. */
    SimChannel channel(int process) {
        return channels.get(process - 1);
    }

    /** The datagrams between the first process and another. */
    SimDatagrams datagrams(int process) {
        return datagrams.get(process - 1);
    }

    void channels(Consumer<SimChannel> action) {
        channels.forEach(action);
    }

    void datagrams(Consumer<SimDatagrams> action) {
        datagrams.forEach(action);
    }

    /** The network is cut one way. */
    void block(Side from, boolean datagramsToo, long nowNanos) {
        channels.forEach(channel -> channel.from(from).block(nowNanos));
        if (datagramsToo) {
            datagrams.forEach(each -> each.block(from, true));
        }
    }

    void heal(Side from, long nowNanos) {
        channels.forEach(channel -> channel.from(from).heal(nowNanos));
        datagrams.forEach(each -> each.block(from, false));
    }
}
