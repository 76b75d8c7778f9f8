/**
 * The output rule (DESIGN 6): an external output leaves only when the backup has acknowledged receipt of a log entry that was
 * appended after the output was made.
 *
 * <p>The rule of this package: nothing passes by the gate, and what it holds is bounded.
 */
@NullMarked
package hartbeat.ft.gate;

import org.jspecify.annotations.NullMarked;
