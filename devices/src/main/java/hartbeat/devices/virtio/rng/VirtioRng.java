package hartbeat.devices.virtio.rng;

import hartbeat.devices.Mistakes;
import hartbeat.devices.virtio.DescriptorChain;
import hartbeat.devices.virtio.VirtioDevice;
import hartbeat.devices.virtio.VirtioLink;
import hartbeat.devices.virtio.Virtqueue;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.state.StateFormatException;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Entropy device: each chain is filled by one answer of the host. */
public final class VirtioRng implements VirtioDevice {
    /** Most bytes that are given for one chain; a device may give less than there is room for. */
    public static final int MAX_REQUEST_BYTES = 4096;

    private static final int TYPE = 4;
    private static final int QUEUE_SIZE = 64;

    private final String name;
    private final Deque<InFlight> inFlight = new ArrayDeque<>();
    private @Nullable VirtioLink link;
    private long nextRequest = 1;

    private record InFlight(long request, int length, DescriptorChain chain) {}

    public VirtioRng(String name) {
        this.name = name;
    }

    @Override
    public int type() {
        return TYPE;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public long features() {
        return 0;
    }

    @Override
    public int[] queueSizes() {
        return new int[] {QUEUE_SIZE};
    }

    @Override
    public void attach(VirtioLink transport) {
        link = transport;
    }

    @Override
    public byte[] config() {
        return new byte[0];
    }

    @Override
    public void notified(int queue) {
        work();
    }

    private void work() {
        Virtqueue queue = link().queue(0);
        int available = queue.available();
        boolean answered = false;
        for (int i = 0; i < available && inFlight.size() < QUEUE_SIZE; i++) {
            DescriptorChain chain = queue.take();
            if (chain == null) {
                break;
            }
            int length = (int) Math.min(chain.writableBytes(), MAX_REQUEST_BYTES);
            if (length == 0) {
                link().mistakes().count(Mistakes.Kind.BAD_REQUEST);
                queue.put(chain, 0);
                answered = true;
            } else {
                InFlight request = new InFlight(nextRequest++, length, chain);
                inFlight.add(request);
                link().emit(output(request));
            }
        }
        if (answered) {
            link().usedBuffers(0);
        }
        if (link().intact(0)) {
            queue.wantNotification();
        }
    }

    @Override
    public void apply(Input.ToDevice input) {
        InFlight first = inFlight.peek();
        if (!(input instanceof Input.Entropy entropy)
                || first == null
                || entropy.request() != first.request()
                || entropy.bytes().length != first.length()) {
            link().mistakes().count(Mistakes.Kind.INPUT_UNEXPECTED);
            return;
        }
        inFlight.remove();
        if (link().running()) {
            first.chain().write(link().memory(), 0, entropy.bytes(), 0, first.length());
            link().queue(0).put(first.chain(), first.length());
            link().usedBuffers(0);
            work();
        }
    }

    private Output output(InFlight request) {
        return new Output.EntropyRequest(link().index(), request.request(), request.length());
    }

    @Override
    public void reset() {
        inFlight.clear();
    }

    @Override
    public void queueReset(int queue) {
        inFlight.clear();
    }

    @Override
    public List<Output> outstanding() {
        List<Output> outputs = new ArrayList<>();
        inFlight.forEach(each -> outputs.add(output(each)));
        return outputs;
    }

    private VirtioLink link() {
        if (link == null) {
            throw new IllegalStateException(name + " has no transport");
        }
        return link;
    }

    @Override
    public void save(StateWriter writer) {
        writer.i64(nextRequest).i32(inFlight.size());
        for (InFlight each : inFlight) {
            writer.i64(each.request()).i32(each.length());
            each.chain().save(writer);
        }
    }

    @Override
    public void restore(StateReader reader) {
        inFlight.clear();
        nextRequest = reader.i64();
        int count = reader.i32();
        for (int i = 0; i < count; i++) {
            long request = reader.i64();
            int length = reader.i32();
            DescriptorChain chain = DescriptorChain.restore(reader, link().memory());
            if (length < 1 || length > MAX_REQUEST_BYTES || length > chain.writableBytes()) {
                throw new StateFormatException("entropy request %d: expected=1..%d bytes that fit its chain, actual=%d"
                        .formatted(request, MAX_REQUEST_BYTES, length));
            }
            inFlight.add(new InFlight(request, length, chain));
        }
    }
}
