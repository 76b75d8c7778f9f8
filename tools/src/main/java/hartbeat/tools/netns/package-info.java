/**
 * Hosts of a test within one process's reach: network namespaces, and the cables between them, which are ours, so that each can lose,
 * delay or stop what goes one way. Needs no more of the kernel than namespaces and taps.
 *
 * <p>The rule of this package: it knows frames and namespaces and nothing of what is tried in them.
 */
@NullMarked
package hartbeat.tools.netns;

import org.jspecify.annotations.NullMarked;
