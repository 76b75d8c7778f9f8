/**
 * A hart: registers, CSRs, privilege, traps and interrupts, as the privileged specification has them. The rule of this package:
 * whatever a rule of the specification leaves open is decided here once, in a comment, and depends on nothing but the machine's
 * state.
 */
@NullMarked
package hartbeat.emulator.hart;

import org.jspecify.annotations.NullMarked;
