/**
 * The virtio network device (virtio 1.2, 5.1). The rule of this package: a frame waits here, in a bounded queue, until the guest has
 * buffers for all of it.
 */
@NullMarked
package hartbeat.devices.virtio.net;

import org.jspecify.annotations.NullMarked;
