/**
 * The real-time clock of the Goldfish platform. The rule of this package: the time of day is a function of the machine's clock.
 */
@NullMarked
package hartbeat.devices.rtc;

import org.jspecify.annotations.NullMarked;
