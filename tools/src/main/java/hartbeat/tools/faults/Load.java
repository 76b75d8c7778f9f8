package hartbeat.tools.faults;

import java.util.List;

/** A client of the guest that asks without pause and checks every answer. */
interface Load extends AutoCloseable {
    long answered();

    /** What was wrong; empty if nothing was. */
    List<String> complaints();

    /** Asks no more, and waits for what is open; whether all of it was answered in time. */
    boolean finish(long timeoutMillis) throws InterruptedException;

    @Override
    void close();
}
