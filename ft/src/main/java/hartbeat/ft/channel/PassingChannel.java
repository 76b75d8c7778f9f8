package hartbeat.ft.channel;

import org.jspecify.annotations.Nullable;

/** A channel that passes everything on to another; what is to be different is overridden. */
public abstract class PassingChannel implements Channel {
    private final Channel inner;

    protected PassingChannel(Channel inner) {
        this.inner = inner;
    }

    @Override
    public boolean send(Message message) {
        return inner.send(message);
    }

    @Override
    public @Nullable Message receive() {
        return inner.receive();
    }

    @Override
    public @Nullable String closed() {
        return inner.closed();
    }

    @Override
    public void trust() {
        inner.trust();
    }

    @Override
    public void close(String why) {
        inner.close(why);
    }
}
