/**
 * The board: which devices there are, where they are, and how they are wired, as QEMU's riscv32 {@code virt}. The rule of this
 * package: every address and interrupt number stands in {@link hartbeat.devices.board.MemoryMap}.
 */
@NullMarked
package hartbeat.devices.board;

import org.jspecify.annotations.NullMarked;
