/**
 * The core-local interruptor of the SiFive layout: software interrupts and the machine timer of each hart. The rule of this package:
 * time comes from the machine's clock, and a deadline is told to it, never polled.
 */
@NullMarked
package hartbeat.devices.clint;

import org.jspecify.annotations.NullMarked;
