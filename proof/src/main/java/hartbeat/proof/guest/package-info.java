/**
 * The guests that are simulated, and what the outside asks of each. The rule of this package: a workload knows what it has asked and
 * what a single machine would have answered, and nothing of pairs.
 */
@NullMarked
package hartbeat.proof.guest;

import org.jspecify.annotations.NullMarked;
