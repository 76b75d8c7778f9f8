/**
 * JMH benchmarks, run by {@code ./hartbeat bench jmh}. The rule of this package: one class for each class of cost, and a machine of the
 * ordinary parts; the executors are listed in one place, {@link hartbeat.bench.jmh.Executors}.
 */
@NullMarked
package hartbeat.bench.jmh;

import org.jspecify.annotations.NullMarked;
