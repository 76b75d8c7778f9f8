package hartbeat.ft.arbiter;

import java.io.IOException;
import java.util.List;

/**
 * A directory on storage that both hosts see, as far as an arbiter needs one. Each method is one operation of the file system. It may
 * take as long as it likes, and a failure leaves unknown whether it was carried out.
 */
public interface SharedDirectory {
    /** The names of all files in it. */
    List<String> names() throws IOException;

    /** The first 4096 bytes of a file, as text without surrounding space; fails if there is no such file. */
    String read(String name) throws IOException;

    /** Writes a file, which is made if it is not there, and brings its contents to stable storage. */
    void write(String name, String content) throws IOException;

    /**
     * Gives a file a second name, atomically; nothing happens if that name exists.
     *
     * @throws IOException also where the storage knows no links
     */
    void link(String existing, String name) throws IOException;

    /** Brings the names to stable storage. */
    void sync() throws IOException;

    /** Takes a name away; nothing happens if there is none. */
    void remove(String name) throws IOException;
}
