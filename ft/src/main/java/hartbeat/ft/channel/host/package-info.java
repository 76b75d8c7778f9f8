/**
 * The channel over TCP. The rule of this package: bytes only, bounded both ways; what they mean is in {@code hartbeat.ft.channel}.
 */
@NullMarked
package hartbeat.ft.channel.host;

import org.jspecify.annotations.NullMarked;
