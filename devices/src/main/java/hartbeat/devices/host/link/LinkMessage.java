package hartbeat.devices.host.link;

import java.util.List;

/**
 * Everything that our machines and console clients say to the switch, and it to them. The list is complete; {@link LinkCodec} has
 * the bytes.
 */
public sealed interface LinkMessage {
    /** Version of this protocol; peers of another are refused. */
    int VERSION = 2;

    /** Bytes of console data in one message at most; a longer output is a format error. */
    int MAX_DATA_BYTES = 1 << 20;

    /** What kind of device an item or output belongs to; {@link #OFF} is an output only: the guest has switched itself off for good. */
    enum Kind {
        FRAME,
        CONSOLE,
        OFF
    }

    /**
     * A network card of a machine.
     *
     * @param device index in the machine's list of devices
     * @param mac its address in the low 48 bits
     */
    record Nic(int device, long mac) {}

    /**
     * A console of a machine.
     *
     * @param device index in the machine's list of devices
     */
    record Console(int device) {}

    /** All inputs of {@code device} up to {@code ticket} are in the machine's history. */
    record Resume(int device, long ticket) {}

    /**
     * First message of a machine. Several processes (primary, backup) present themselves under one id; each is on standby until it
     * sends {@link Live}.
     *
     * @param machineId 32 hexadecimal digits
     * @param name for people; at most 64 bytes as UTF-8
     */
    record Hello(String machineId, String name, List<Nic> nics, List<Console> consoles) implements LinkMessage {
        public Hello {
            nics = List.copyOf(nics);
            consoles = List.copyOf(consoles);
        }
    }

    /** This process runs the machine from now on: items after {@code resume} come here, and older generations are fenced off. */
    record Live(long generation, List<Resume> resume) implements LinkMessage {
        public Live {
            resume = List.copyOf(resume);
        }
    }

    /** Items of {@code device} up to {@code ticket} are in a log; the keeper forgets them. */
    record Logged(int device, long ticket) implements LinkMessage {}

    /** A numbered output; the switch drops it if it has taken this number before. */
    record Output(long generation, long number, int device, Kind kind, byte[] bytes) implements LinkMessage {}

    /** A frame that says where a MAC address is now; it bears no number and may be repeated. */
    record Announce(long generation, int device, byte[] frame) implements LinkMessage {}

    /** First message to every peer that was accepted. */
    record Welcome() implements LinkMessage {}

    /** Something for the live machine: a frame, or typed bytes. Tickets of a device rise by one, with gaps where frames were lost. */
    record Item(int device, long ticket, Kind kind, byte[] bytes) implements LinkMessage {}

    /** All outputs up to {@code number} were taken or dropped as repeats. */
    record Taken(long number) implements LinkMessage {}

    /** Refused, as {@code byGeneration} is live; the receiver must halt. */
    record Fenced(long byGeneration) implements LinkMessage {}

    /** The connection ends, for this reason. */
    record Refused(String reason) implements LinkMessage {}

    /**
     * First message of a console client.
     *
     * @param machineId the machine, or empty for whichever was live last
     * @param device the console's device, or -1 for the first
     * @param from position in the console's output to go on from, or -1 for what the hub remembers
     */
    record Attach(String machineId, int device, long from) implements LinkMessage {}

    /** The client is attached; output follows from {@code position} (bytes since the machine's first). */
    record Attached(String machineId, String name, int device, long position) implements LinkMessage {}

    /** Bytes that the guest printed, the first of them at {@code position}. */
    record Printed(long position, byte[] bytes) implements LinkMessage {}

    /** The guest has switched itself off, and all that it printed has been sent; the connection ends. */
    record Off() implements LinkMessage {}

    /** Bytes that the user typed. */
    record Typed(byte[] bytes) implements LinkMessage {}
}
