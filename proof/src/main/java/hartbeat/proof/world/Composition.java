package hartbeat.proof.world;

import hartbeat.emulator.machine.Machine;
import hartbeat.ft.arbiter.Arbiter;
import hartbeat.ft.arbiter.SharedDirectory;
import hartbeat.ft.channel.Channel;
import hartbeat.ft.gate.OutputRule;
import hartbeat.ft.run.Guest;
import hartbeat.ft.run.HostPort;

/** How a world puts the product's parts together. Tests replace one part by a faulty one, and the checks must find it. */
public interface Composition {
    /** As the product does. */
    Composition PRODUCT = new Composition() {};

    default OutputRule outputRule() {
        return OutputRule.APPENDED_AFTER;
    }

    /** The machine as the role of a process sees it. */
    default Guest guest(int process, Guest guest, Machine machine) {
        return guest;
    }

    /** The host side as the role of a process sees it. */
    default HostPort host(int process, HostPort host) {
        return host;
    }

    /** The stream to another process as the role of a process sees it. */
    default Channel channel(int process, Channel channel) {
        return channel;
    }

    /** The arbiter's directory as a process sees it. */
    default SharedDirectory directory(int process, SharedDirectory directory) {
        return directory;
    }

    /** The arbiter as the role of a process sees it. */
    default Arbiter arbiter(int process, Arbiter arbiter) {
        return arbiter;
    }
}
