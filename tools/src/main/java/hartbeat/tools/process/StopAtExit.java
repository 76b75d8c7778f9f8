package hartbeat.tools.process;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Lets work end in good order on Ctrl-C and SIGTERM: asks it to stop, and holds the process back for a moment until it has. Closed
 * when the work has ended, however that came about.
 */
public final class StopAtExit implements AutoCloseable {
    private static final long WAIT_SECONDS = 8;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook;

    /** @param stop asks the work to end; called on a thread of its own */
    public StopAtExit(Runnable stop) {
        hook = new Thread(() -> {
            stop.run();
            try {
                boolean unused = ended.await(WAIT_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException alreadyStopping) {
            // Then the hook has been told above that the work has ended.
        }
    }
}
