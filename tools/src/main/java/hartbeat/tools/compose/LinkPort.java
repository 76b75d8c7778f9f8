package hartbeat.tools.compose;

import hartbeat.devices.host.link.LinkAddress;
import hartbeat.devices.host.link.LinkClient;
import hartbeat.devices.host.link.LinkEndpoint;
import hartbeat.devices.host.link.LinkMessage;
import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.InputSink;
import hartbeat.tools.UserError;
import java.io.IOException;

/** The machine's link to one switch: network cards and, where the switch is also the console hub, consoles. */
final class LinkPort implements OutsidePort {
    private static final long DRAIN_MILLIS = 2_000;

    private final LinkClient client;
    private final LinkEndpoint endpoint;

    /** @param wake makes the role poll soon */
    LinkPort(LinkAddress address, LinkMessage.Hello hello, InputSink sink, Runnable wake) {
        try {
            client = new LinkClient(address, hello, sink, wake);
        } catch (IOException e) {
            throw UserError.failed("link to " + address + ": " + e.getMessage(), "are there too many open files?", e);
        }
        endpoint = client.endpoint();
    }

    boolean connected() {
        return endpoint.connected();
    }

    @Override
    public boolean canSend() {
        return endpoint.canSend();
    }

    @Override
    public void send(long generation, Emission emission) {
        endpoint.send(generation, emission);
    }

    @Override
    public void flush() {
        endpoint.flush();
    }

    @Override
    public void observe(Emission emission) {
        endpoint.observe(emission);
    }

    @Override
    public void logged(int device, long ticket) {
        endpoint.logged(device, ticket);
    }

    @Override
    public void live(long generation, long[] resumeAfterTicket) {
        endpoint.live(generation, resumeAfterTicket);
    }

    @Override
    public long fencedBy() {
        return endpoint.fencedBy();
    }

    @Override
    public long delivered() {
        return endpoint.drained() ? Long.MAX_VALUE : endpoint.taken();
    }

    @Override
    public void roomAgain() {
        endpoint.retry();
    }

    @Override
    public void close() {
        endpoint.flush();
        try {
            boolean unused = client.drain(DRAIN_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        client.close();
    }
}
