/**
 * Machine state as bytes. The rule of this package: what {@code save} writes is at once the snapshot and what is digested, so
 * there is exactly one list of what the state is. Fields are written in a fixed order, big-endian, without names.
 */
@NullMarked
package hartbeat.emulator.state;

import org.jspecify.annotations.NullMarked;
