/**
 * Messages between primary and backup: one ordered stream, and heartbeats beside it. Protocol: docs/ft-protocol.md.
 *
 * <pre>
 *   primary                                   backup
 *   Hello, Proof            <->               Hello, Proof            both know the pair's secret
 *   Configuration, Blob..   -->                                       machine, images, disks
 *                           <--               Ready                   the same configuration digest
 *   LogBatch, Released      -->
 *                           <--               Ack (received, executed)
 * </pre>
 *
 * The rule of this package: a peer is hostile until its proof is checked, and its lengths are checked always, before anything is
 * allocated. Nothing blocks; sockets and threads are in {@code channel.host}.
 */
@NullMarked
package hartbeat.ft.channel;

import org.jspecify.annotations.NullMarked;
