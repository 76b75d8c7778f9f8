package hartbeat.devices.host.entropy;

import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.InputSink;
import hartbeat.emulator.io.Output;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;

/** Answers requests for random bytes. It has no thread: the caller of {@link #offer} and {@link #poll} does the little work. */
public final class EntropyBackend {
    /** Most bytes for one request; a front-end asks for less, so this only bounds what a hostile log can allocate. */
    public static final int MAX_BYTES = 1 << 16;

    private static final int CAPACITY = 1024;

    private final Consumer<byte[]> source;
    private final InputSink sink;
    private final Queue<Input.Entropy> answers = new ArrayDeque<>();

    /** Random bytes of the host. */
    public EntropyBackend(InputSink sink) {
        // The constructor's choice never blocks, other than getInstanceStrong.
        this(new SecureRandom()::nextBytes, sink);
    }

    /** @param source fills an array with random bytes; a seeded one in simulation */
    public EntropyBackend(Consumer<byte[]> source, InputSink sink) {
        this.source = source;
        this.sink = sink;
    }

    /**
     * Takes a request; false if too many answers wait for room in the sink (the caller keeps the request).
     *
     * @throws IllegalArgumentException if it asks for a negative number of bytes or more than {@link #MAX_BYTES} bytes
     */
    public boolean offer(Output.EntropyRequest request) {
        if (request.length() < 0 || request.length() > MAX_BYTES) {
            throw new IllegalArgumentException(
                    "entropy request: expected=0 to " + MAX_BYTES + " bytes, actual=" + request.length());
        }
        poll();
        if (answers.size() >= CAPACITY) {
            return false;
        }
        byte[] bytes = new byte[request.length()];
        source.accept(bytes);
        answers.add(new Input.Entropy(request.device(), request.request(), bytes));
        poll();
        return true;
    }

    /** Gives the sink what it had no room for. */
    public void poll() {
        while (!answers.isEmpty() && sink.offer(answers.element())) {
            answers.remove();
        }
    }
}
