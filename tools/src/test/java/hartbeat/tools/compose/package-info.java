/** Whole machines in this process, with hosts of the tests' own. */
@NullMarked
package hartbeat.tools.compose;

import org.jspecify.annotations.NullMarked;
