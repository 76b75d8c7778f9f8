/** Text that people and scripts read: tables and JSON. The rule of this package: no input or output, only values to text and back. */
@NullMarked
package hartbeat.tools.text;

import org.jspecify.annotations.NullMarked;
