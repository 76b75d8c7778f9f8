/**
 * The composition root: the only place that sees every other room and joins them (DESIGN 3).
 */
@NullMarked
package hartbeat.tools;

import org.jspecify.annotations.NullMarked;
