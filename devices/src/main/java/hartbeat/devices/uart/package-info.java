/**
 * The serial port, a 16550A. The rule of this package: transmission takes no time, and no byte that a source gave after asking for
 * room is lost.
 */
@NullMarked
package hartbeat.devices.uart;

import org.jspecify.annotations.NullMarked;
