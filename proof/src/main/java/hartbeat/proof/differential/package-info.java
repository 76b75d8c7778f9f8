/**
 * Our machine against QEMU, and our executors against each other, on random programs.
 *
 * <pre>
 *   StreamGenerator -&gt; Stream -&gt; StreamMachine (ours) ----&gt; StreamResult -+
 *                          \--&gt; host.QemuMachine --------&gt; StreamResult -+-&gt; StreamComparison, KnownDifference
 *   RandomProgram -&gt; ExecutorLockstep (one machine on several executors, stopped at random counts)
 * </pre>
 *
 * The rule of this package: what is generated is a function of a seed, and a difference that is tolerated stands in
 * {@link hartbeat.proof.differential.KnownDifference} with the paragraph that allows it.
 */
@NullMarked
package hartbeat.proof.differential;

import org.jspecify.annotations.NullMarked;
