/**
 * What the board wires together: devices, their registers in the physical address space and their interrupt lines. The rule of
 * this package: a device knows its own registers only; addresses and interrupt numbers belong to the board.
 */
@NullMarked
package hartbeat.emulator.bus;

import org.jspecify.annotations.NullMarked;
