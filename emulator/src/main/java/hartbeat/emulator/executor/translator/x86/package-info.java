/**
 * The back-end for x86-64. The rule of this package: machine code calls nothing, and touches only the hart's registers, the access
 * tables, its own jump table and guest memory that an access table has given; every other wish is an exit word.
 */
@NullMarked
package hartbeat.emulator.executor.translator.x86;

import org.jspecify.annotations.NullMarked;
