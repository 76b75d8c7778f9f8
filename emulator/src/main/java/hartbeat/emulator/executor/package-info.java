/**
 * Executors run a hart. The rule of this package: every executor stops at exactly the icount it was asked for, and whatever it
 * caches is invisible to the guest (DESIGN 5).
 */
@NullMarked
package hartbeat.emulator.executor;

import org.jspecify.annotations.NullMarked;
