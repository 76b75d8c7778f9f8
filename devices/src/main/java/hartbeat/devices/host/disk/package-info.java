/**
 * Back-ends of virtual disks.
 *
 * <pre>
 *   Output.DiskRequest -> DiskBackend (thread, strict order) -> BlockStore (raw file, memory) -> Input.DiskCompletion -> InputSink
 *
 *   shared mode:  DiskBackend -> FencedBlockStore -> BlockStore: no write of an older generation gets through
 * </pre>
 *
 * The rule of this package: what a READ returns is a function of the image and of the order of the requests, nothing else. So
 * requests are executed strictly one after the other, and discarded sectors always read as zeros. A completion is never lost and never
 * made twice; a failure of the host is an {@code IO_ERROR} completion and a log line. A request is completed only after the host has
 * done it, a FLUSH only after the host's storage holds every write before it, and a {@link hartbeat.devices.host.disk.DiskStamp} is
 * on stable storage before the first write of its generation.
 */
@NullMarked
package hartbeat.devices.host.disk;

import org.jspecify.annotations.NullMarked;
