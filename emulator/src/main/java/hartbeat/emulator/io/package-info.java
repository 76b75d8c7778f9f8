/**
 * The two doors of the machine: every influence of the host comes in as an {@link hartbeat.emulator.io.Input}, everything that the
 * guest does to the outside goes out as an {@link hartbeat.emulator.io.Output}.
 *
 * <pre>
 *   host events -> Input @ icount -> Machine -> Emission(number, icount, Output) -> outlet
 * </pre>
 *
 * The rule of this package: both families are closed and hold plain values, so that codec, printer, differ and fuzzer are
 * exhaustive switches. Byte arrays in them are never changed after construction.
 */
@NullMarked
package hartbeat.emulator.io;

import org.jspecify.annotations.NullMarked;
