package hartbeat.ft.channel;

import org.jspecify.annotations.Nullable;

/** The backup's side of making a pair: takes machine and images. Then the composition root builds the machine and says ready. */
public final class Joining {
    private final Channel channel;
    private final BlobStore store;
    private final Patience patience = new Patience(Patience.OF_A_PEER_NANOS);
    private long progress;
    private Message.@Nullable Configuration configuration;
    private long expectedBytes = -1;
    private long blobBytes;
    private long receivedBytes;
    private boolean done;
    private @Nullable String failure;

    public Joining(Channel channel, BlobStore store) {
        this.channel = channel;
        this.store = store;
    }

    /** Everything is here. */
    public boolean done() {
        return done;
    }

    public @Nullable String failure() {
        return failure;
    }

    /** The machine, as soon as it is known; it comes before all blobs. */
    public Message.@Nullable Configuration configuration() {
        return configuration;
    }

    public long receivedBytes() {
        return receivedBytes;
    }

    /** Takes what has arrived. @return when to call again */
    public long poll(long nowNanos) {
        try {
            while (failure == null && !done) {
                Message message = channel.receive();
                if (message == null) {
                    String closed = channel.closed();
                    if (closed != null) {
                        failure = "primary: " + closed;
                    }
                    break;
                }
                progress++;
                hear(message);
            }
        } catch (Blob.BlobException e) {
            refuse(e.reason());
        }
        if (patience.ends(progress, nowNanos) && failure == null && !done) {
            failure = patience.reason("primary");
        }
        return patience.nextNanos();
    }

    /** The machine is built; its digest is compared by the primary. */
    public void ready(byte[] digest) {
        channel.send(new Message.Ready(digest));
    }

    /** The machine cannot be built here. */
    public void refuse(String reason) {
        failure = reason;
        channel.send(new Message.Refused(reason));
    }

    private void hear(Message message) {
        switch (message) {
            case Message.Configuration machine -> configuration = machine;
            case Message.BlobBegin blob -> {
                finishBlob();
                if (blob.bytes() < 0) {
                    throw new Blob.BlobException(
                            "%s: length expected>=0, actual=%d".formatted(blob.name(), blob.bytes()));
                }
                store.begin(blob.name(), blob.bytes());
                expectedBytes = blob.bytes();
                blobBytes = 0;
            }
            case Message.BlobChunk chunk -> {
                if (chunk.bytes().length > expectedBytes - blobBytes) {
                    throw new Blob.BlobException("primary sends more than it announced: expected=%d bytes, actual>=%d"
                            .formatted(expectedBytes, blobBytes + chunk.bytes().length));
                }
                blobBytes += chunk.bytes().length;
                receivedBytes += chunk.bytes().length;
                store.write(chunk.bytes());
            }
            case Message.BlobsEnd _ -> {
                finishBlob();
                done = configuration != null;
                if (!done) {
                    refuse("primary sent no configuration");
                }
            }
            case Message.Alive _ -> {}
            case Message.Refused refused -> failure = "primary refused: " + refused.reason();
            case Message.Goodbye goodbye -> failure = "primary left: " + goodbye.reason();
            default ->
                refuse("primary sent %s before the machine"
                        .formatted(message.getClass().getSimpleName()));
        }
    }

    private void finishBlob() {
        if (expectedBytes < 0) {
            return;
        }
        if (blobBytes != expectedBytes) {
            throw new Blob.BlobException("primary sent less than it announced: expected=%d bytes, actual=%d"
                    .formatted(expectedBytes, blobBytes));
        }
        store.end();
        expectedBytes = -1;
    }
}
