package hartbeat.devices.host.disk;

import java.io.IOException;

/**
 * Says which generation owns a shared disk. A claim and a write never overlap: once {@link #tryClaim} has returned true, no write of an
 * older generation is under way or will be made.
 */
public interface Fence {
    /** Something that changes the disk. */
    @FunctionalInterface
    interface Change {
        void perform() throws IOException;
    }

    /**
     * Makes {@code generation} the owner, durably. It does not wait.
     *
     * @return false while another process is in the middle of a write; call again
     * @throws FencedException if a later generation owns the disk
     */
    boolean tryClaim(long generation) throws IOException;

    /**
     * Performs a change on behalf of {@code generation}.
     *
     * @throws FencedException if a later generation owns the disk; nothing was done
     */
    void perform(long generation, Change change) throws IOException;

    /** The fence of a simulation: shared by both sides as an object. */
    static Fence inMemory() {
        return new Fence() {
            private long owner;

            @Override
            public synchronized boolean tryClaim(long generation) throws FencedException {
                check(generation);
                owner = generation;
                return true;
            }

            @Override
            public synchronized void perform(long generation, Change change) throws IOException {
                check(generation);
                change.perform();
            }

            private void check(long generation) throws FencedException {
                if (owner > generation) {
                    throw new FencedException(generation, owner);
                }
            }
        };
    }
}
