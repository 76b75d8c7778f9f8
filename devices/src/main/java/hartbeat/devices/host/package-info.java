/**
 * Host-facing back-ends: files, sockets, randomness and the threads that they need. The rule of these packages: a back-end gets
 * {@link hartbeat.emulator.io.Output}s and posts {@link hartbeat.emulator.io.Input}s; it never sees guest memory, and nothing in it
 * blocks the caller. What the user can mend (a missing file, a port in use) is a {@link hartbeat.devices.host.HostException} with a
 * hint; what the guest asks wrongly is a device error, never an exception.
 */
@NullMarked
package hartbeat.devices.host;

import org.jspecify.annotations.NullMarked;
