package hartbeat.lan;

/** A member of the LAN as the switch's forwarding sees it. */
interface LanPort {
    /** Queues a frame for the member, or loses it if there is no room. */
    void deliver(byte[] frame);
}
