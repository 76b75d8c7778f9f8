/**
 * Bare-metal guests as resources, and the recipes that build larger ones. The rule of this package: it imports nothing of ours.
 */
@NullMarked
package hartbeat.guest;

import org.jspecify.annotations.NullMarked;
