/**
 * What is fuzzed. The rule of this package: a target drives the product's own public classes; checksums and proofs that stand between the
 * input and the code behind them are made right by the target, as whoever attacks could make them.
 */
@NullMarked
package hartbeat.fuzz.readers;

import org.jspecify.annotations.NullMarked;
