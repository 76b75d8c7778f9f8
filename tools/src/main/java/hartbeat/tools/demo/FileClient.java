package hartbeat.tools.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Has the guest write numbered records to its disk, each time with an fsync, over a TCP connection of its own; and has it read all of
 * them back.
 */
public final class FileClient implements AutoCloseable {
    private static final int RECORDS_AT_ONCE = 16;
    private static final long PAUSE_NANOS = 20_000_000;

    private final Socket socket;
    private final BufferedReader in;
    private final OutputStream out;
    private final List<String> complaints = new ArrayList<>();
    private final Thread writer;
    private volatile boolean stopping;
    private volatile long written;

    /** Connects and begins to write. */
    public FileClient(InetSocketAddress service, int timeoutMillis) throws IOException {
        socket = new Socket();
        socket.connect(service, timeoutMillis);
        socket.setTcpNoDelay(true);
        in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        out = socket.getOutputStream();
        writer = Thread.ofPlatform().daemon().name("file client").start(this::work);
    }

    /** Number of the last record that the guest said is on its disk. */
    public long written() {
        return written;
    }

    public synchronized List<String> complaints() {
        return List.copyOf(complaints);
    }

    /** Stops writing once the request under way is answered; true if that happened in time. */
    public boolean finish(long timeoutMillis) throws InterruptedException {
        stopping = true;
        writer.join(timeoutMillis);
        return !writer.isAlive();
    }

    /**
     * Reads all records back, after {@link #finish}.
     *
     * @return how many records the guest found whole, or -1 with a complaint
     */
    public long verify(int timeoutMillis) {
        try {
            socket.setSoTimeout(timeoutMillis);
            String answer = ask("VERIFY");
            if (answer.startsWith("VERIFIED ")) {
                return Long.parseLong(answer.split(" ", -1)[1]);
            }
            complain("VERIFY: " + answer);
        } catch (IOException | NumberFormatException e) {
            complain("VERIFY: " + e.getMessage());
        }
        return -1;
    }

    @Override
    public void close() throws IOException {
        stopping = true;
        socket.close();
    }

    private void work() {
        try {
            while (!stopping) {
                String answer = ask("WRITE " + RECORDS_AT_ONCE);
                String[] words = answer.split(" ", -1);
                if (!words[0].equals("WRITTEN")) {
                    complain("WRITE after record " + written + ": " + answer);
                    return;
                }
                long first = Long.parseLong(words[1]);
                if (written != 0 && first != written + 1) {
                    complain("WRITE: first record: expected=%d, actual=%d".formatted(written + 1, first));
                }
                written = Long.parseLong(words[2]);
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (IOException | RuntimeException e) {
            if (!stopping || !socket.isClosed()) {
                complain("WRITE after record " + written + ": " + e.getMessage());
            }
        }
    }

    private String ask(String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
        String answer = in.readLine();
        if (answer == null) {
            throw new IOException("the guest closed the connection");
        }
        return answer;
    }

    private synchronized void complain(String what) {
        complaints.add(what);
    }
}
