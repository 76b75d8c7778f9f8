/** Values to text and back. */
@NullMarked
package hartbeat.tools.text;

import org.jspecify.annotations.NullMarked;
