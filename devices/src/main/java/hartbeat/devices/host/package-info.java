/**
 * Back-ends of the devices: they own descriptors and threads, post into one bounded queue of inputs, and never see guest memory
 * (DESIGN 3).
 */
@NullMarked
package hartbeat.devices.host;

import org.jspecify.annotations.NullMarked;
