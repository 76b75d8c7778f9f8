/**
 * What must hold of a world, whatever befell it. The rule of this package: a check looks at what the outside saw and at recorded
 * histories, never at what a role believes; each gives violations as lines rather than failing, so that a breach can be shown to be found.
 */
@NullMarked
package hartbeat.proof.check;

import org.jspecify.annotations.NullMarked;
