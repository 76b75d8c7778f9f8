/**
 * The loop that every role is: a source chooses the next step, the machine takes it, an outlet gets what the machine emitted.
 *
 * <pre>
 *   {@link hartbeat.ft.run.InputSource} -- Apply | RunTo | Wait --> {@link hartbeat.ft.run.Guest} -- Emission --> {@link hartbeat.ft.run.Outlet}
 *        live (host) or replayed (log)                                       straight, gated, withheld, discarded
 * </pre>
 *
 * The rule of this package: nothing blocks and nothing reads a clock. Time is {@code nowNanos}, nanoseconds of host time from an
 * origin that the edge chooses, never less than in the call before. Only {@code run.host} has a thread.
 */
@NullMarked
package hartbeat.ft.run;

import org.jspecify.annotations.NullMarked;
