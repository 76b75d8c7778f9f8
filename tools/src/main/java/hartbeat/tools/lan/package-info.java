/**
 * The edges of the LAN switch and console hub: a process of its own, between the machines, foreign members (QEMU, passt), uplinks and
 * console clients.
 *
 * <pre>
 *   sockets, tap, passt - SwitchServer (one thread) - {@link hartbeat.lan.Switch}
 * </pre>
 *
 * <p>The rule of this package: what is decided about frames, tickets and generations is decided in {@code hartbeat.lan}; here bytes are
 * moved.
 */
@NullMarked
package hartbeat.tools.lan;

import org.jspecify.annotations.NullMarked;
