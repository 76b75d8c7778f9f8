/**
 * Benchmarks and their command line. The rule of this package: it may import everything, and nothing imports it; what is measured is
 * the program as it is, without a hook made for measuring.
 */
@NullMarked
package hartbeat.bench;

import org.jspecify.annotations.NullMarked;
