package hartbeat.ft.channel;

/** Where a backup puts what it is sent. */
public interface BlobStore {
    /**
     * A blob begins.
     *
     * @throws Blob.BlobException if it is not wanted, too large, or cannot be stored
     */
    void begin(String name, long bytes);

    /** The next bytes of the blob that began last. */
    void write(byte[] chunk);

    /** All its bytes were written. */
    void end();
}
