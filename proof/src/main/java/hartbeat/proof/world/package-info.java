/**
 * A whole pair, its LAN, its arbiter and its clients in one thread on simulated time.
 *
 * <pre>
 *   Node 0 (process)                         Node 1 (process)
 *     Live    on Probe on the real machine     Backup on Probe on the real machine
 *     SimHost: SimDisk, entropy, SimLink       SimHost: SimDisk, entropy, SimLink
 *        |        SimChannel, SimDatagrams, SimArbiter     |
 *        +---------------- Switch (the product's) --------+
 *                             |
 *                     Outside: a client and a console, driven by a {@link hartbeat.proof.world.Workload}
 * </pre>
 *
 * The rule of this package: the product's classes decide, what is here only moves bytes, takes time and breaks. Nothing here knows
 * how many processes there are but {@link hartbeat.proof.world.World}'s constructor.
 */
@NullMarked
package hartbeat.proof.world;

import org.jspecify.annotations.NullMarked;
