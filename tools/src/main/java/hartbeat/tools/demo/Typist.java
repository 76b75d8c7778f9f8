package hartbeat.tools.demo;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/**
 * Types commands at the guest's shell, one after the other, whose results are numbers that stand nowhere in what was typed: so each
 * result on the console proves that one command line came in once and whole.
 */
final class Typist implements AutoCloseable {
    private static final long PERIOD_NANOS = 150_000_000;

    private final Consumer<byte[]> keyboard;
    private final Thread thread;
    private volatile int typed;
    private volatile boolean stopping;

    /** Begins to type. */
    Typist(Consumer<byte[]> keyboard) {
        this.keyboard = keyboard;
        thread = Thread.ofPlatform().daemon().name("typist").start(this::work);
    }

    /** Command lines typed so far. */
    int typed() {
        return typed;
    }

    /** What the shell prints for the command of that number, 1 or more. */
    static String result(int number) {
        return "typed:" + (1000 + number) + ".";
    }

    void finish() throws InterruptedException {
        stopping = true;
        thread.join();
    }

    @Override
    public void close() {
        stopping = true;
    }

    private void work() {
        while (!stopping) {
            int next = typed + 1;
            keyboard.accept(("echo typed:$((1000+" + next + ")).\n").getBytes(StandardCharsets.US_ASCII));
            typed = next;
            LockSupport.parkNanos(PERIOD_NANOS);
        }
    }
}
