/**
 * Fault tolerance by deterministic replay. The rule of this package and those below it, but for packages named {@code host}:
 * time and peers are handed in, nothing blocks, so that a whole pair runs in one thread on simulated time (DESIGN 3).
 */
@NullMarked
package hartbeat.ft;

import org.jspecify.annotations.NullMarked;
