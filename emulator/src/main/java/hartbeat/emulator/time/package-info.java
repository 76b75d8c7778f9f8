/**
 * Guest time. The rule of this package: time is a function of icount and the last time sample, never of a host clock (DESIGN 4).
 */
@NullMarked
package hartbeat.emulator.time;

import org.jspecify.annotations.NullMarked;
