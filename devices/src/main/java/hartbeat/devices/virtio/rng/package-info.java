/**
 * The virtio entropy device (virtio 1.2, 5.4). The rule of this package: random bytes enter by the machine's input door only.
 */
@NullMarked
package hartbeat.devices.virtio.rng;

import org.jspecify.annotations.NullMarked;
