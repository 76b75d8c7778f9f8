/**
 * Real processes under real faults: pairs, each side in a network namespace of its own, are killed, stopped, cut off and starved while a
 * client checks every byte that comes out.
 *
 * <pre>
 *   Sandbox (namespaces) -&gt; Matrix (lanes) -&gt; Life (one pair, several faults) -&gt; Site (rooms, cables, small disks), Trial (a fault and what it must lead to)
 * </pre>
 *
 * The rule of this package: nothing here reaches into a process. What a fault led to is read from the outside: from answers, the console, exit
 * codes, the arbiter's directory, disks, and what a process tells about itself.
 */
@NullMarked
package hartbeat.tools.faults;

import org.jspecify.annotations.NullMarked;
