/**
 * A guest that attacks: drivers that do to every device what no driver should, drawn from a seed, and what is checked meanwhile.
 *
 * <pre>
 *   Mutator -&gt; Step.. -&gt; Attacked (machine, DMA watched by Grants) -&gt; Violation
 *   the bare guest attack -&gt; machine -&gt; log -&gt; machine with another executor: equal outputs and digests
 *        host: threads, and the watch over steps that do not end
 * </pre>
 *
 * The rule of this package: a life is a function of its seed, and what a device may write is worked out here from what the driver
 * wrote, never asked of the device.
 */
@NullMarked
package hartbeat.proof.attack;

import org.jspecify.annotations.NullMarked;
