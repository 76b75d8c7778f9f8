/**
 * Hartbeat beside QEMU and native code on the same guest images. The rule of this package: every figure is taken from outside the
 * processes, by the host's clock and the operating system's accounts, in the same way for all of them; the guest only marks its laps.
 */
@NullMarked
package hartbeat.bench.compare;

import org.jspecify.annotations.NullMarked;
