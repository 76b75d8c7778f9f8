/**
 * Guest RAM: one mapping of host memory, addressed raw behind one final class. The rule of this package: nothing outside it
 * computes a host address of guest memory, and every store is seen by the page flags.
 */
@NullMarked
package hartbeat.emulator.memory;

import org.jspecify.annotations.NullMarked;
