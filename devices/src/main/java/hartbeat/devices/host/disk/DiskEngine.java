package hartbeat.devices.host.disk;

import hartbeat.emulator.io.DiskStatus;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import java.io.IOException;

/**
 * Executes disk requests, one call each, without a thread: {@link DiskBackend} calls it from its own, a simulation from its only
 * one.
 */
public final class DiskEngine {
    /** Longest READ or WRITE; a front-end splits or refuses longer ones, so this only bounds what a hostile log can allocate. */
    public static final int MAX_TRANSFER_SECTORS = 64 << 11;

    private static final byte[] NOTHING = {};

    private final BlockStore store;
    private long ioErrors;
    private long badRequests;

    public DiskEngine(BlockStore store) {
        this.store = store;
    }

    /** Size of the disk in sectors of 512 bytes. */
    public long sectors() {
        return store.sizeBytes() / BlockStore.SECTOR_BYTES;
    }

    /** Requests that the host could not do. */
    public long ioErrors() {
        return ioErrors;
    }

    /** Requests outside the disk or with data of the wrong length: the guest's mistake. */
    public long badRequests() {
        return badRequests;
    }

    /**
     * Does one request to its end.
     *
     * @throws FencedException if the disk is shared and belongs to a later generation; nothing was changed
     */
    public Input.DiskCompletion execute(Output.DiskRequest request) throws FencedException {
        if (!valid(request)) {
            badRequests++;
            return failed(request);
        }
        try {
            byte[] data = perform(request);
            return new Input.DiskCompletion(request.device(), request.request(), DiskStatus.OK, data);
        } catch (FencedException e) {
            throw e;
        } catch (IOException e) {
            ioErrors++;
            System.getLogger(DiskEngine.class.getName())
                    .log(
                            System.Logger.Level.ERROR,
                            "disk {0}: {1} of {2} sectors at sector {3} failed: {4}; the guest sees an I/O error, hint: {5}",
                            store,
                            request.operation(),
                            Integer.toString(request.sectors()),
                            Long.toString(request.sector()),
                            e.getMessage(),
                            hint(e));
            return failed(request);
        }
    }

    /** Makes everything executed so far durable, as before a clean end. */
    public void flush() throws IOException {
        if (!store.readOnly()) {
            store.flush();
        }
    }

    private byte[] perform(Output.DiskRequest request) throws IOException {
        long offsetBytes = request.sector() * BlockStore.SECTOR_BYTES;
        long lengthBytes = (long) request.sectors() * BlockStore.SECTOR_BYTES;
        switch (request.operation()) {
            case READ -> {
                byte[] data = new byte[(int) lengthBytes];
                store.read(offsetBytes, data);
                return data;
            }
            case WRITE -> store.write(offsetBytes, request.data());
            // A discarded range must read the same on both copies of a replicated disk, so it always reads as zeros.
            case DISCARD, WRITE_ZEROES -> store.zero(offsetBytes, lengthBytes);
            case FLUSH -> flush();
        }
        return NOTHING;
    }

    private boolean valid(Output.DiskRequest request) {
        long sectors = request.sectors();
        boolean inRange = request.sector() >= 0 && sectors >= 0 && request.sector() <= sectors() - sectors;
        return switch (request.operation()) {
            case READ -> inRange && sectors <= MAX_TRANSFER_SECTORS;
            case WRITE ->
                inRange
                        && sectors <= MAX_TRANSFER_SECTORS
                        && request.data().length == sectors * BlockStore.SECTOR_BYTES
                        && !store.readOnly();
            case DISCARD, WRITE_ZEROES -> inRange && !store.readOnly();
            case FLUSH -> true;
        };
    }

    private static Input.DiskCompletion failed(Output.DiskRequest request) {
        return new Input.DiskCompletion(request.device(), request.request(), DiskStatus.IO_ERROR, NOTHING);
    }

    private static String hint(IOException e) {
        String message = String.valueOf(e.getMessage());
        return message.contains("No space left")
                ? "free space on the host's file system"
                : "check the host's storage (dmesg)";
    }
}
