/**
 * The few calls of the host's C library that neither the JDK nor LWJGL offers, through the JDK's own linker. The rule of this
 * package: all downcalls of the host side are here, each returns its errno, and none is made before it is needed, so that a host
 * without them still runs everything else.
 */
@NullMarked
package hartbeat.devices.host.posix;

import org.jspecify.annotations.NullMarked;
