package hartbeat.ft.detector;

import hartbeat.ft.channel.Side;

/**
 * A sign of life.
 *
 * @param from who lives
 * @param generation that the sender knows as the highest
 * @param sentNanos the sender's clock, read before sending
 * @param echoNanos the latest {@code sentNanos} that the sender has heard from its peer, 0 for none
 */
public record Heartbeat(Side from, long generation, long sentNanos, long echoNanos) {}
