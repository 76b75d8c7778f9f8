/**
 * Heartbeats over UDP. The rule of this package: bytes only; what they mean is in {@code hartbeat.ft.detector}.
 */
@NullMarked
package hartbeat.ft.detector.host;

import org.jspecify.annotations.NullMarked;
