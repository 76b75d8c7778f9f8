package hartbeat.ft.channel;

/** Something large that the backup needs before it can begin: a kernel, an initrd, the contents of a disk. */
public interface Blob {
    /** 1 to 64 ASCII characters, such as {@code kernel} or {@code disk0}. */
    String name();

    long bytes();

    /**
     * Reads a chunk.
     *
     * @param at offset from the start
     * @param length bytes, all of them there
     * @throws BlobException if it cannot be read
     */
    byte[] read(long at, int length);

    /** A blob could not be read or stored; the message is for the user. */
    final class BlobException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final String reason;

        public BlobException(String reason) {
            super(reason);
            this.reason = reason;
        }

        /** One line for the user. */
        public String reason() {
            return reason;
        }
    }
}
