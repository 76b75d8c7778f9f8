/** What a user types, and what comes back. */
@NullMarked
package hartbeat.tools.cli;

import org.jspecify.annotations.NullMarked;
