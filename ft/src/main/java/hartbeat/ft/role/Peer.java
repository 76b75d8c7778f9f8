package hartbeat.ft.role;

import hartbeat.ft.channel.Channel;
import hartbeat.ft.detector.HeartbeatPort;

/** The ways to the other side of the pair. */
public record Peer(Channel channel, HeartbeatPort heartbeats) {}
