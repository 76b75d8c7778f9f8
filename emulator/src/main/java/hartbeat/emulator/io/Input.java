package hartbeat.emulator.io;

/**
 * Everything that the host may do to a machine, applied at an exact icount. The list is complete: what is not here cannot
 * influence a guest.
 */
public sealed interface Input {

    /**
     * From the icount at which it is applied, {@code mtime} runs as {@code mtime + ((icount - thatIcount) * rate >>> 32)}.
     *
     * @param mtime machine time in ticks of 100 ns (unsigned); never before the time that the machine already shows
     * @param rate ticks per retired instruction as a fixed-point number with 32 fractional bits; 0 or more
     */
    record TimeSample(long mtime, long rate) implements Input {}

    /**
     * Sets the real-time clock, counted on from here with {@code mtime}.
     *
     * @param epochNanos nanoseconds since 1970-01-01T00:00Z
     */
    record WallClock(long epochNanos) implements Input {}

    /** An input for one device front-end. */
    sealed interface ToDevice extends Input {
        /** Index of the device in the machine's list of devices, from 0. */
        int device();
    }

    /**
     * Bytes typed at a console (UART or virtio-console).
     *
     * @param ticket number under which the console hub keeps these bytes until a log holds them, 0 if none; no part of the machine
     *     looks at it
     */
    record ConsoleInput(int device, long ticket, byte[] bytes) implements ToDevice {}

    /**
     * A network frame from the LAN, without preamble, checksum or virtio header; 14 to 65550 bytes.
     *
     * @param ticket number under which the LAN switch keeps this frame until a log holds it, 0 if none; no part of the machine looks
     *     at it
     */
    record FrameReceived(int device, long ticket, byte[] frame) implements ToDevice {}

    /**
     * The end of a disk request. Each request is completed exactly once, in the order of the requests of that disk.
     *
     * @param request number that {@link Output.DiskRequest} bore
     * @param data what was read (length as asked) for a successful READ; empty otherwise
     */
    record DiskCompletion(int device, long request, DiskStatus status, byte[] data) implements ToDevice {}

    /** Random bytes that were asked for by {@link Output.EntropyRequest}; exactly as many as asked. */
    record Entropy(int device, long request, byte[] bytes) implements ToDevice {}
}
