/**
 * All kinds of proof in one run, and the one table that it ends with. The rule of this package: it knows campaigns by their interface
 * alone; a new one is a line in {@link hartbeat.tools.prove.Campaigns}.
 */
@NullMarked
package hartbeat.tools.prove;

import org.jspecify.annotations.NullMarked;
