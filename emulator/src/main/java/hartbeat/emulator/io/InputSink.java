package hartbeat.emulator.io;

/** Where host back-ends post what happened; bounded and safe to call from any thread. */
@FunctionalInterface
public interface InputSink {
    /**
     * Offers an input that waits for its icount.
     *
     * @return false if there is no room: the caller keeps it and offers it again later
     */
    boolean offer(Input input);
}
