/** A whole pair in one thread on simulated time, with a small guest that notices an input applied one instruction late. */
@NullMarked
package hartbeat.ft.sim;

import org.jspecify.annotations.NullMarked;
