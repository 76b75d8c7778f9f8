/**
 * Tests that hold the architecture: who may import whom, what may never reach the machine's logic, how long a file may grow. The
 * rule of this package: each rule has a fixture that breaks it, so that a rule which cannot fail is found out.
 */
@NullMarked
package hartbeat.architecture;

import org.jspecify.annotations.NullMarked;
