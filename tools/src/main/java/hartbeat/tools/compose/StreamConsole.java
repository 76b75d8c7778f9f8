package hartbeat.tools.compose;

import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.InputSink;
import hartbeat.emulator.io.Output;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A console on streams of this process: terminal, pipe or file. A thread writes, so that a reader who is slow holds up the guest and
 * not the role; what is typed is offered to the role's queue and waits here while that is full.
 */
final class StreamConsole implements OutsidePort {
    private static final int MAX_WAITING_BYTES = 1 << 20;
    private static final long CLOSE_MILLIS = 2_000;

    private final int device;
    private final InputSink sink;
    private final OutputStream out;
    private final Runnable wake;
    private final Consumer<IOException> gone;
    private final Queue<byte[]> waiting = new ArrayDeque<>();
    private int waitingBytes;
    private boolean busy;
    private boolean closed;
    private @Nullable IOException failure;

    /**
     * @param wake makes the role poll soon
     * @param gone told when nobody takes the output any more
     */
    StreamConsole(int device, InputSink sink, OutputStream out, Runnable wake, Consumer<IOException> gone) {
        this.device = device;
        this.sink = sink;
        this.out = out;
        this.wake = wake;
        this.gone = gone;
        Thread.ofPlatform().daemon().name("console output").start(this::write);
    }

    /** What was typed; waits while the guest has no room. Called from the thread that reads. */
    void typed(byte[] bytes) {
        Input input = new Input.ConsoleInput(device, 0, bytes);
        synchronized (this) {
            while (!closed && !sink.offer(input)) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    @Override
    public synchronized boolean canSend() {
        return waitingBytes < MAX_WAITING_BYTES;
    }

    @Override
    public synchronized void send(long generation, Emission emission) {
        if (emission.output() instanceof Output.ConsoleOutput console && failure == null) {
            waiting.add(console.bytes());
            waitingBytes += console.bytes().length;
            notifyAll();
        }
    }

    @Override
    public synchronized void roomAgain() {
        notifyAll();
    }

    @Override
    public void close() {
        long deadline = System.nanoTime() + CLOSE_MILLIS * 1_000_000;
        synchronized (this) {
            while ((!waiting.isEmpty() || busy) && failure == null && System.nanoTime() < deadline) {
                try {
                    wait(CLOSE_MILLIS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    break;
                }
            }
            closed = true;
            notifyAll();
        }
    }

    private void write() {
        try {
            for (byte[] bytes = next(); bytes != null; bytes = next()) {
                out.write(bytes);
                out.flush();
            }
        } catch (IOException e) {
            synchronized (this) {
                failure = e;
                waiting.clear();
                waitingBytes = 0;
                notifyAll();
            }
            wake.run();
            gone.accept(e);
        }
    }

    private byte @Nullable [] next() {
        byte[] next;
        boolean wasFull;
        synchronized (this) {
            busy = false;
            notifyAll();
            while (waiting.isEmpty() && !closed) {
                try {
                    wait();
                } catch (InterruptedException e) {
                    return null;
                }
            }
            next = waiting.poll();
            if (next == null) {
                return null;
            }
            busy = true;
            wasFull = waitingBytes >= MAX_WAITING_BYTES;
            waitingBytes -= next.length;
        }
        if (wasFull) {
            wake.run();
        }
        return next;
    }
}
