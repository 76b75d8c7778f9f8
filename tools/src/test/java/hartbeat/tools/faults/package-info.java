/** Tests of what real processes are made to suffer. */
@NullMarked
package hartbeat.tools.faults;

import org.jspecify.annotations.NullMarked;
