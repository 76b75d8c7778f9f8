/** What a user at a terminal sees and types. */
@NullMarked
package hartbeat.tools.screen;

import org.jspecify.annotations.NullMarked;
