/**
 * Coverage-guided fuzzing of everything that reads what others wrote: a target for each, Jazzer in a process of its own, and a corpus that
 * is kept.
 *
 * <p>The rule of this package: the program does not know it. A target throws nothing for bad input; whatever it throws is a finding.
 */
@NullMarked
package hartbeat.fuzz;

import org.jspecify.annotations.NullMarked;
