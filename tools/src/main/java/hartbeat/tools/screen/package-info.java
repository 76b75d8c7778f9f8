/**
 * What a person at a terminal sees and types: the guest's console with a status line below it, keys behind Ctrl-A, and a picture of
 * the screen. The rule of this package: it writes bytes for a terminal and reads bytes from one; it knows nothing about machines.
 */
@NullMarked
package hartbeat.tools.screen;

import org.jspecify.annotations.NullMarked;
