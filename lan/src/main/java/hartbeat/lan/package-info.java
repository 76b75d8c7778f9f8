/**
 * The LAN switch and console hub as a step machine; its sockets, taps and thread are in {@code hartbeat.tools.lan}.
 *
 * <pre>
 *   SwitchServer, simulation - Switch - Lan: MAC table, flooding        - PlainMember
 *                                     - GuestPort: one per machine      - MachineMember (primary, backup)
 *                                     - GuestConsole: history, typed    - ConsoleMember
 * </pre>
 *
 * A machine is one member of the LAN, however many processes stand behind it. What is bound for it gets a ticket and is kept until the
 * live process says that a log holds it; whoever goes live gets the rest again. What comes from it bears a generation and a number: an
 * older generation is refused, a number taken before is dropped.
 *
 * <p>The rule of this package: no socket, thread or clock, so that a simulation runs it as it is. Every buffer is bounded: frames are
 * lost when one is full, as on any LAN; console bytes never, their sender waits.
 */
@NullMarked
package hartbeat.lan;

import org.jspecify.annotations.NullMarked;
