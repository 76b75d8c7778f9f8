/**
 * When digests are taken: often, but within one per cent of guest time, at positions that the primary chooses (DESIGN 6). What they
 * cover is the machine's affair; how they are compared is in {@link hartbeat.ft.log.ReplaySource}.
 *
 * <p>The rule of this package: a digest is taken only where both sides take it.
 */
@NullMarked
package hartbeat.ft.digest;

import org.jspecify.annotations.NullMarked;
