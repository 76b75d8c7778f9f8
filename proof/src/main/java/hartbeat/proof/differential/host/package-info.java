/**
 * Other machines, as processes of the host. The rule of this package: a process is ended by whoever started it, and leaves no file.
 */
@NullMarked
package hartbeat.proof.differential.host;

import org.jspecify.annotations.NullMarked;
