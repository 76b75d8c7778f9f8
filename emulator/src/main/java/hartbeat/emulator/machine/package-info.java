/**
 * The machine as a pure state machine: {@code (state, Input @ icount)* -> (state', Output*)} (DESIGN 1). The rule of this
 * package: no thread, clock, socket, file or randomness; no flag that tells live from replay.
 */
@NullMarked
package hartbeat.emulator.machine;

import org.jspecify.annotations.NullMarked;
