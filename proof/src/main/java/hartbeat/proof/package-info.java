/**
 * Proof by simulation: a whole pair with its faults, from a seed, and a sweep over every point at which a process can be struck.
 *
 * <pre>
 *   Work (a history, a sweep) -&gt; Simulation -&gt; world (the product's classes on simulated time) -&gt; check (violations)
 *        host: threads                       fault (what befalls it)   guest (what is asked of it)
 * </pre>
 *
 * The rule of this package: a scenario is a value, its run is a function of it, and its command line repeats it to the byte.
 */
@NullMarked
package hartbeat.proof;

import org.jspecify.annotations.NullMarked;
