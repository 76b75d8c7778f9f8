/**
 * The virtio block device (virtio 1.2, 5.2). The rule of this package: requests leave in the order of the avail ring under
 * consecutive numbers that are never used twice, and everything that a completion needs is kept here, not in the guest's ring.
 */
@NullMarked
package hartbeat.devices.virtio.blk;

import org.jspecify.annotations.NullMarked;
