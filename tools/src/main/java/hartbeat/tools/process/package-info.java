/**
 * Processes of the operating system that the demo starts, stops, freezes and kills, and the directory that belongs to one run. The
 * rule of this package: whatever is begun here is ended here, also when the user presses Ctrl-C.
 */
@NullMarked
package hartbeat.tools.process;

import org.jspecify.annotations.NullMarked;
