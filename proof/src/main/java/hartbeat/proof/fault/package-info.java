/**
 * What can befall a simulated world, as plain values, and how a seed chooses it. The rule of this package: values only, and no other
 * source of chance than {@link hartbeat.proof.fault.Seeded}.
 */
@NullMarked
package hartbeat.proof.fault;

import org.jspecify.annotations.NullMarked;
