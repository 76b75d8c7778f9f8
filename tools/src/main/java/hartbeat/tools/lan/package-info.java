/**
 * The LAN switch and console hub: a process of its own, between the machines, foreign members (QEMU, passt), uplinks and console
 * clients.
 *
 * <pre>
 *   sockets, tap, passt - SwitchServer (one thread) - Switch - Lan: MAC table, flooding        - PlainMember
 *                                                            - GuestPort: one per machine      - MachineMember (primary, backup)
 *                                                            - GuestConsole: history, typed    - ConsoleMember
 * </pre>
 *
 * A machine is one member of the LAN, however many processes stand behind it. What is bound for it gets a ticket and is kept until the
 * live process says that a log holds it; whoever goes live gets the rest again. What comes from it bears a generation and a number: an
 * older generation is refused, a number taken before is dropped.
 *
 * <p>The rule of this package: everything but {@link hartbeat.tools.lan.SwitchServer}, the uplinks and {@link
 * hartbeat.tools.lan.ConsoleClient} is logic without socket, thread or clock, so that a simulation runs it as it is. Every
 * buffer is bounded: frames are lost when one is full, as on any LAN; console bytes never, their sender waits.
 */
@NullMarked
package hartbeat.tools.lan;

import org.jspecify.annotations.NullMarked;
