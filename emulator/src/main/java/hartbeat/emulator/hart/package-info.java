/**
 * A hart: registers, CSRs, privilege and what traps do to them. The rule of this package: a guest's fault is not a Java exception
 * on a hot path, and whatever a hart knows beyond its saved state is a cache that the guest cannot see.
 */
@NullMarked
package hartbeat.emulator.hart;

import org.jspecify.annotations.NullMarked;
