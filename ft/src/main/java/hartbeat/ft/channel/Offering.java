package hartbeat.ft.channel;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The primary's side of making a pair before the machine's first instruction: machine and images go over, the backup says ready. */
public final class Offering {
    private final Channel channel;
    private final Message.Configuration configuration;
    private final List<Blob> blobs;
    private final long totalBytes;
    private final Patience patience = new Patience(Patience.OF_A_PEER_NANOS);
    private long progress;
    private boolean described;
    private int blob;
    private long at = -1;
    private long sentBytes;
    private boolean ended;
    private boolean done;
    private @Nullable String failure;

    public Offering(Channel channel, Message.Configuration configuration, List<Blob> blobs) {
        this.channel = channel;
        this.configuration = configuration;
        this.blobs = List.copyOf(blobs);
        this.totalBytes = blobs.stream().mapToLong(Blob::bytes).sum();
    }

    public boolean done() {
        return done;
    }

    public @Nullable String failure() {
        return failure;
    }

    public long sentBytes() {
        return sentBytes;
    }

    public long totalBytes() {
        return totalBytes;
    }

    /** Sends what there is room for. @return when to call again */
    public long poll(long nowNanos) {
        try {
            while (failure == null && !ended && sendNext()) {
                ended = blob > blobs.size();
                progress++;
            }
        } catch (Blob.BlobException e) {
            failure = e.reason();
            channel.send(new Message.Refused(e.reason()));
        }
        hear();
        if (patience.ends(progress, nowNanos) && failure == null && !done) {
            failure = patience.reason("backup");
        }
        return patience.nextNanos();
    }

    private boolean sendNext() {
        if (!described) {
            described = channel.send(configuration);
            return described;
        }
        if (blob == blobs.size()) {
            return step(new Message.BlobsEnd());
        }
        Blob current = blobs.get(blob);
        if (at < 0) {
            boolean sent = channel.send(new Message.BlobBegin(current.name(), current.bytes()));
            at = sent ? 0 : at;
            return sent;
        }
        if (at == current.bytes()) {
            at = -1;
            blob++;
            return true;
        }
        int length = (int) Math.min(MessageCodec.CHUNK_BYTES, current.bytes() - at);
        if (!channel.send(new Message.BlobChunk(current.read(at, length)))) {
            return false;
        }
        at += length;
        sentBytes += length;
        return true;
    }

    private boolean step(Message message) {
        boolean sent = channel.send(message);
        blob += sent ? 1 : 0;
        return sent;
    }

    private void hear() {
        while (failure == null && !done) {
            Message message = channel.receive();
            if (message == null) {
                String closed = channel.closed();
                if (closed != null) {
                    failure = "backup: " + closed;
                }
                return;
            }
            progress++;
            switch (message) {
                case Message.Ready ready -> accept(ready);
                case Message.Refused refused -> failure = "backup refused: " + refused.reason();
                case Message.Goodbye goodbye -> failure = "backup left: " + goodbye.reason();
                case Message.Alive _ -> {}
                default ->
                    failure = "backup sent %s before it was ready"
                            .formatted(message.getClass().getSimpleName());
            }
        }
    }

    private void accept(Message.Ready ready) {
        if (Arrays.equals(ready.digest(), configuration.digest())) {
            done = true;
            return;
        }
        failure =
                "machine configuration: expected=%s (primary's), actual=%s (backup's), hint: start the backup without machine options, it takes the primary's"
                        .formatted(
                                HexFormat.of().formatHex(configuration.digest()),
                                HexFormat.of().formatHex(ready.digest()));
        channel.send(new Message.Refused(failure));
    }
}
