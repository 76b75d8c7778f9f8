/**
 * Tests of the launcher script, each in a small tree of its own with stand-ins for Java, Maven and the packages. The rule of this
 * package: nothing of the host decides a result, so the search path holds only what the test puts there.
 */
@NullMarked
package hartbeat.launcher;

import org.jspecify.annotations.NullMarked;
