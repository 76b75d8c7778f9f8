package hartbeat.emulator.io;

/** Everything that a machine may do to the host. The list is complete. */
public sealed interface Output {

    /** An output of one device front-end. */
    sealed interface FromDevice extends Output {
        /** Index of the device in the machine's list of devices, from 0. */
        int device();
    }

    /** Bytes printed on a console (UART or virtio-console); one or more. */
    record ConsoleOutput(int device, byte[] bytes) implements FromDevice {}

    /** A network frame for the LAN, without virtio header. */
    record FrameSent(int device, byte[] frame) implements FromDevice {}

    /**
     * A disk request. A back-end executes the requests of one disk strictly in order of their numbers, so that what a READ returns
     * depends on nothing but that order.
     *
     * @param request number of the request on this disk, from 1, never used twice
     * @param sector first sector of 512 bytes
     * @param sectors number of sectors; 0 for FLUSH
     * @param data what to write (sectors * 512 bytes) for WRITE; empty otherwise
     */
    record DiskRequest(int device, long request, DiskOperation operation, long sector, int sectors, byte[] data)
            implements FromDevice {}

    /** Asks for {@code length} random bytes, answered by one {@link Input.Entropy} with the same request number. */
    record EntropyRequest(int device, long request, int length) implements FromDevice {}

    /**
     * The guest switched itself off (or an HTIF guest ended). The machine stays off.
     *
     * @param exitCode 0 for an ordinary power-off, otherwise the guest's own failure code
     * @param reason one line for the user
     */
    record PowerOff(int exitCode, String reason) implements Output {}

    /** The guest asked for a reset; the machine has begun again from its boot images. */
    record Reset() implements Output {}
}
