/**
 * The roles of a pair. A primary is a {@link hartbeat.ft.role.Live} machine with a protection around it; a {@link
 * hartbeat.ft.role.Backup} follows the log, and becomes live when it has won the arbitration.
 *
 * <pre>
 *   Live    PROTECTED --backup lost--> DECIDING --won--> ALONE
 *                                          +-----lost--> halted, exit code 4
 *   Backup  FOLLOWING --suspects--> DECIDING --won--> DRAINING --> a Live that is ALONE
 *                 +--diverges--> halted, exit code 3   +--lost--> halted, exit code 4
 * </pre>
 *
 * The rule of this package: whoever emits has won a generation, and knows of none higher. The argument why two never emit against
 * each other is in docs/ft-protocol.md.
 */
@NullMarked
package hartbeat.ft.role;

import org.jspecify.annotations.NullMarked;
