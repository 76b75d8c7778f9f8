/**
 * Loading what a machine starts from. The rule of this package: images are hostile input; each size and address is checked before
 * use, and what is wrong is told in one line with a hint ({@link hartbeat.devices.board.boot.BadImageException}).
 */
@NullMarked
package hartbeat.devices.board.boot;

import org.jspecify.annotations.NullMarked;
