package hartbeat.proof.campaign;

import java.util.function.LongConsumer;

/** A kind of proof that can be tried for as long as one likes. */
public interface Campaign {
    /** One lower-case word. */
    String name();

    /** What it counts, in the plural: crash points, histories, instructions, driver steps, inputs, process faults. */
    String unit();

    /** How many an hour must try at least; 0 if there is no such claim. */
    long floorPerHour();

    /**
     * Tries until the budget is spent. A violation does not end it.
     *
     * @param progress is told the count so far, now and then, by any thread
     * @return what was tried, also if the thread was interrupted; then it still is
     */
    Tried run(Budget budget, LongConsumer progress);
}
