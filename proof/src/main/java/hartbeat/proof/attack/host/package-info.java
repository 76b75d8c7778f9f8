/**
 * Attacks on the host's threads and by the host's clock. The rule of this package: each thread has machines of its own, so that no life
 * knows of another.
 */
@NullMarked
package hartbeat.proof.attack.host;

import org.jspecify.annotations.NullMarked;
