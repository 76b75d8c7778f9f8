@NullMarked
package hartbeat.tools.prove;

import org.jspecify.annotations.NullMarked;
