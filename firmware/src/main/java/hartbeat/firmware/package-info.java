/**
 * The M-mode firmware image as a resource. The rule of this package: it imports nothing of ours.
 */
@NullMarked
package hartbeat.firmware;

import org.jspecify.annotations.NullMarked;
