/**
 * Campaigns on the host's threads and by the host's clock. The rule of this package: each thread has worlds and machines of its own, so
 * that no run knows of another.
 */
@NullMarked
package hartbeat.proof.host;

import org.jspecify.annotations.NullMarked;
