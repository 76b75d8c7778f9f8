/**
 * The machine's cable to the LAN switch and console hub: one stream socket.
 *
 * <pre>
 *   HostPort -> LinkEndpoint (pure: numbers, tickets, generation) -> LinkClient (thread, socket) ~~~ switch
 *   machine  <- InputSink    <-------------------------------------- FramedChannel
 * </pre>
 *
 * The framing is that of QEMU's {@code -netdev stream}: a 4-byte big-endian length, then the payload. A foreign member (QEMU, passt)
 * sends Ethernet frames. A member of ours sends, as its first payload, one Ethernet frame of the local experimental EtherType 0x88b5 to
 * a group address of our own, which a foreign switch floods and forgets; inside it is a {@link
 * hartbeat.devices.host.link.LinkMessage.Hello} or {@link hartbeat.devices.host.link.LinkMessage.Attach}. From then on each
 * payload is one {@link hartbeat.devices.host.link.LinkMessage}, both ways.
 *
 * <p>The rule of this package: the peer is hostile. A length is checked before anything is allocated, and whatever does not decode
 * exactly drops the peer with one clear line. Exactly once: an output is kept here until the switch has taken it and is sent again on
 * a new connection, where the switch drops it by number if it had it; an input is kept there until a log has it.
 */
@NullMarked
package hartbeat.devices.host.link;

import org.jspecify.annotations.NullMarked;
