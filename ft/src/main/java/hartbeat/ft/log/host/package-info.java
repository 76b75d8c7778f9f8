/**
 * Recordings in files. The rule of this package: bytes only; what they mean is in {@code hartbeat.ft.log}.
 */
@NullMarked
package hartbeat.ft.log.host;

import org.jspecify.annotations.NullMarked;
