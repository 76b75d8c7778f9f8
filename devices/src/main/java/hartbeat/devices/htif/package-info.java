/**
 * The host-target interface of bare RISC-V programs. The rule of this package: a command is carried out at the store that completes
 * it, so that a run ends at an exact icount.
 */
@NullMarked
package hartbeat.devices.htif;

import org.jspecify.annotations.NullMarked;
