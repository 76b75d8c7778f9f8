/**
 * The platform-level interrupt controller (RISC-V PLIC specification 1.0.0). The rule of this package: interrupt lines are levels;
 * what was forwarded to a context stays pending until it is claimed.
 */
@NullMarked
package hartbeat.devices.plic;

import org.jspecify.annotations.NullMarked;
