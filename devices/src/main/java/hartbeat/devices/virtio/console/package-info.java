/**
 * The virtio console (virtio 1.2, 5.3): one port, with its size. The rule of this package: typed bytes wait here, bounded, until the
 * guest has buffers.
 */
@NullMarked
package hartbeat.devices.virtio.console;

import org.jspecify.annotations.NullMarked;
