/**
 * The failure detector: it only suspects (DESIGN 8). And the lease, by which a primary knows that its backup cannot have begun to
 * suspect it.
 *
 * <p>The rule of this package: a suspicion changes nothing outside; the arbiter decides. Time is handed in.
 */
@NullMarked
package hartbeat.ft.detector;

import org.jspecify.annotations.NullMarked;
