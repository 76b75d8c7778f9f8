/**
 * What all kinds of proof have in common: a budget, a count of what was tried, and findings that repeat themselves.
 *
 * <p>The rule of this package: a finding without a command that repeats it is none. Whatever a campaign tries is drawn from its budget's
 * seed; how often it tries depends on the time.
 */
@NullMarked
package hartbeat.proof.campaign;

import org.jspecify.annotations.NullMarked;
