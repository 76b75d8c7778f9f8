/**
 * The real-time edge of the run loop: the one thread that polls a role, and the queue by which other threads reach it. The rule of
 * this package: no decisions here; whatever depends on time or order is in {@code hartbeat.ft.run}, where it can be simulated.
 */
@NullMarked
package hartbeat.ft.run.host;

import org.jspecify.annotations.NullMarked;
