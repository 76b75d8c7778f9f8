/**
 * The flattened device tree (Devicetree Specification 0.4, chapter 5) and the tree that describes the board.
 */
@NullMarked
package hartbeat.devices.board.fdt;

import org.jspecify.annotations.NullMarked;
