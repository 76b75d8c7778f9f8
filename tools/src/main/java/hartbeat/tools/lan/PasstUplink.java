package hartbeat.tools.lan;

import hartbeat.devices.host.HostException;
import hartbeat.devices.host.link.LinkAddress;
import hartbeat.devices.host.posix.Posix;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A passt process of our own, in a private directory: it answers for the gateway 10.0.2.2, leads the guest's connections out through
 * ordinary sockets and forwarded ports in. It ends with the switch, even if that is killed ({@code --one-off}).
 */
final class PasstUplink implements AutoCloseable {
    /** The only guest address that a passt serves. */
    static final String GUEST_ADDRESS = "10.0.2.15";

    private static final int GUEST_IPV4 = 0x0a00020f;
    private static final int SMALLEST_FRAME_BYTES = 34;
    private static final String GATEWAY = "10.0.2.2";
    private static final long START_MILLIS = 5000;
    private static final long TRY_MILLIS = 10;
    private static final int LAST_WORDS_CHARS = 400;

    private final Path directory;
    private final Process process;
    private final Thread listener;
    private final StringBuffer said = new StringBuffer();

    private final SocketChannel connection;

    private PasstUplink(Path directory, Process process) throws HostException, IOException {
        this.directory = directory;
        this.process = process;
        listener = Thread.ofPlatform().name("passt").daemon().start(this::listen);
        connection = awaitConnection();
    }

    /**
     * Starts passt and connects to it.
     *
     * @throws HostException if it is not installed, or ends at once (a port in use, no network, a host without user namespaces)
     */
    static PasstUplink start(SwitchOptions.Passt options) throws HostException {
        Path directory = null;
        try {
            directory = Files.createTempDirectory(
                    "hartbeat-passt",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            Process process = new ProcessBuilder(command(directory, options))
                    .redirectErrorStream(true)
                    .start();
            process.getOutputStream().close();
            return new PasstUplink(directory, process);
        } catch (IOException e) {
            if (directory != null) {
                delete(directory);
            }
            throw new HostException("passt cannot be started: " + e.getMessage(), "apt install passt", e);
        }
    }

    static List<String> command(Path directory, SwitchOptions.Passt options) {
        List<String> command = new ArrayList<>(List.of(
                "passt",
                "--foreground",
                "--stderr",
                "--quiet",
                "--one-off",
                "--ipv4-only",
                "--socket",
                directory.resolve("socket").toString(),
                "--address",
                GUEST_ADDRESS,
                "--netmask",
                "24",
                "--gateway",
                GATEWAY,
                "--udp-ports",
                "none",
                "--tcp-ports"));
        if (options.forwards().isEmpty()) {
            command.add("none");
        }
        List<String> forwards = new ArrayList<>();
        for (SwitchOptions.Forward forward : options.forwards()) {
            forwards.add(forward.hostAddress() + "/" + forward.hostPort() + ":" + forward.guestPort());
        }
        for (int i = 0; i < forwards.size(); i++) {
            if (i > 0) {
                command.add("--tcp-ports");
            }
            command.add(forwards.get(i));
        }
        if (Posix.effectiveUser() == 0) {
            // Otherwise it becomes nobody, who cannot enter the private directory.
            command.add("--runas");
            command.add("0:0");
        }
        return command;
    }

    /**
     * Whether a frame is for passt: it takes whoever sent the last frame for its guest, so other members of the LAN must be kept from
     * it. RARP is let through, as it comes from a machine whose address is not known yet.
     */
    static boolean concerns(byte[] frame) {
        if (frame.length < SMALLEST_FRAME_BYTES) {
            return false;
        }
        ByteBuffer header = ByteBuffer.wrap(frame);
        return switch (header.getShort(12) & 0xffff) {
            case 0x0800 -> fromGuest(header.getInt(26));
            case 0x0806 -> fromGuest(header.getInt(28));
            case 0x8035 -> true;
            default -> false;
        };
    }

    /** A guest without an address yet asks for one by DHCP or ARP probe. */
    private static boolean fromGuest(int source) {
        return source == GUEST_IPV4 || source == 0;
    }

    /** For messages, and the name of its wire. */
    String name() {
        return "passt";
    }

    /** The connection to it. */
    SocketChannel connection() {
        return connection;
    }

    /** The end of what it printed. */
    String lastWords() {
        try {
            if (!process.isAlive()) {
                listener.join(TRY_MILLIS * 10);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String end = said.toString().strip();
        return end.isEmpty() ? "it said nothing" : end.replaceAll("\\s*\\n\\s*", "; ");
    }

    /** Reads what it prints, so that it never waits for a reader, and remembers the end. */
    private void listen() {
        try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.contains("to syslog")) {
                    said.append(line).append('\n');
                    said.delete(0, Math.max(0, said.length() - LAST_WORDS_CHARS));
                }
            }
        } catch (IOException e) {
            said.append(e.getMessage());
        }
    }

    /**
     * Connects to it as soon as it listens, which is a moment after its socket is there. The directory is not needed any more then, and a
     * killed switch shall leave nothing behind.
     */
    private SocketChannel awaitConnection() throws HostException, IOException {
        LinkAddress address = new LinkAddress.Unix(directory.resolve("socket"));
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS);
        try {
            while (true) {
                SocketChannel channel = address.open();
                try {
                    channel.connect(address.toSocketAddress());
                    delete(directory);
                    return channel;
                } catch (IOException e) {
                    channel.close();
                }
                if (process.waitFor(TRY_MILLIS, TimeUnit.MILLISECONDS) || System.nanoTime() > endNanos) {
                    String words = lastWords();
                    close();
                    throw new HostException(
                            "passt did not start: " + words,
                            "is a forwarded port in use, or has this host no network or user namespaces? try without"
                                    + " --uplink passt");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new HostException("passt: interrupted while it started", "start again", e);
        }
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(1, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        delete(directory);
    }

    private static void delete(Path directory) {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            System.getLogger(PasstUplink.class.getName())
                    .log(System.Logger.Level.DEBUG, "{0}: {1}", directory, e.getMessage());
        }
    }
}
