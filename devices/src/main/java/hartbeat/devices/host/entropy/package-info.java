/**
 * Host side of the entropy device (virtio 1.2, 5.4). The rule of this package: it is the only place where a machine's randomness comes
 * from, it enters the machine as an input, and so the log has it and a backup sees the same.
 */
@NullMarked
package hartbeat.devices.host.entropy;

import org.jspecify.annotations.NullMarked;
