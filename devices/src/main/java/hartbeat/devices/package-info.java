/**
 * Device front-ends and the board. The rule of this package and those below it, but for {@code devices.host}: a front-end is part
 * of the machine, so it knows no host clock, thread, socket, file or randomness (DESIGN 3).
 */
@NullMarked
package hartbeat.devices;

import org.jspecify.annotations.NullMarked;
