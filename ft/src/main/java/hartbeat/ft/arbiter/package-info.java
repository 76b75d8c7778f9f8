/**
 * The arbiter: an atomic test-and-set of the next generation (DESIGN 8). Who wins a generation goes live; who loses halts; while nobody
 * reaches the arbiter, nobody goes live.
 *
 * <p>The rule of this package: each generation is won at most once, for ever. Files and threads are in {@code arbiter.host}.
 */
@NullMarked
package hartbeat.ft.arbiter;

import org.jspecify.annotations.NullMarked;
