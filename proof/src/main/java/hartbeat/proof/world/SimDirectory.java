package hartbeat.proof.world;

import hartbeat.ft.arbiter.SharedDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The arbiter's directory as the storage has it: files with one name or two, of which names are on stable storage once they were synced.
 * It can be slow, out of reach of one side or of all, full, lose its answers, and lose what was not synced.
 */
public final class SimDirectory {
    private static final String PREFIX = "generation-";
    private static final long USUAL_NANOS = 300_000;

    private final Map<String, File> names = new TreeMap<>();
    private final Map<String, File> stable = new TreeMap<>();
    private final Set<Integer> cutOff = new TreeSet<>();
    private long operationNanos = USUAL_NANOS;
    private boolean full;
    private boolean losesAnswers;
    private boolean tears;

    private static final class File {
        byte[] content = {};
    }

    SimDirectory() {}

    /** As after a start: this generation was won. */
    void begin(long generation, String holder) {
        File file = new File();
        file.content = holder.getBytes(StandardCharsets.UTF_8);
        names.put(PREFIX + generation, file);
        stable.put(PREFIX + generation, file);
    }

    void reachable(int process, boolean value) {
        if (value) {
            cutOff.remove(process);
        } else {
            cutOff.add(process);
        }
    }

    /** How long an operation takes. */
    long operationNanos() {
        return operationNanos;
    }

    void slow(long nanos) {
        operationNanos = nanos;
    }

    void usual() {
        operationNanos = USUAL_NANOS;
    }

    /** Nothing can be written. */
    void full(boolean value) {
        full = value;
    }

    /** What is asked for is done, and a failure is reported. */
    void losesAnswers(boolean value) {
        losesAnswers = value;
    }

    /** A file that is written now loses what it held, and gets nothing. */
    void tears(boolean value) {
        tears = value;
    }

    /** The storage's host starts anew. */
    void crash() {
        names.clear();
        names.putAll(stable);
    }

    /** Who has each generation. */
    public Map<Long, String> holders() {
        Map<Long, String> holders = new TreeMap<>();
        names.forEach((name, file) -> {
            if (name.startsWith(PREFIX)) {
                holders.put(
                        Long.parseLong(name.substring(PREFIX.length())),
                        new String(file.content, StandardCharsets.UTF_8).strip());
            }
        });
        return holders;
    }

    /** The directory as a process sees it. */
    SharedDirectory mounted(int process) {
        return new Mounted(process);
    }

    private final class Mounted implements SharedDirectory {
        private final int process;

        Mounted(int process) {
            this.process = process;
        }

        private void reach() throws IOException {
            if (cutOff.contains(process)) {
                throw new IOException("no such directory");
            }
        }

        private void room() throws IOException {
            if (full) {
                throw new IOException("no space left on device");
            }
        }

        private void answer() throws IOException {
            if (losesAnswers) {
                throw new IOException("input/output error");
            }
        }

        @Override
        public List<String> names() throws IOException {
            reach();
            answer();
            return new ArrayList<>(names.keySet());
        }

        @Override
        public String read(String name) throws IOException {
            reach();
            File file = names.get(name);
            if (file == null) {
                throw new IOException("no file " + name);
            }
            answer();
            return new String(file.content, StandardCharsets.UTF_8).strip();
        }

        @Override
        public void write(String name, String content) throws IOException {
            reach();
            File file = names.computeIfAbsent(name, _ -> new File());
            file.content = new byte[0];
            room();
            if (!tears) {
                file.content = content.getBytes(StandardCharsets.UTF_8);
            }
            answer();
        }

        @Override
        public void link(String existing, String name) throws IOException {
            reach();
            room();
            File file = names.get(existing);
            if (file == null) {
                throw new IOException("no file " + existing);
            }
            names.putIfAbsent(name, file);
            answer();
        }

        @Override
        public void sync() throws IOException {
            reach();
            stable.clear();
            stable.putAll(names);
            answer();
        }

        @Override
        public void remove(String name) throws IOException {
            reach();
            names.remove(name);
            answer();
        }
    }
}
