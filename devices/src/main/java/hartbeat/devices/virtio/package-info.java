/**
 * What all virtio devices share (virtio 1.2): the split virtqueue and the memory-mapped transport, modern and legacy. The rule of this
 * package: a ring in guest memory is hostile input. Every address, index and length is checked, whatever is read is read once, and a
 * guest's mistake ends in a counter and DEVICE_NEEDS_RESET, never in an exception. Rings are touched only at the instruction that
 * notifies or at the input that completes.
 */
@NullMarked
package hartbeat.devices.virtio;

import org.jspecify.annotations.NullMarked;
