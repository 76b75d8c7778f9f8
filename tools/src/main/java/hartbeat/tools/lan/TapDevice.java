package hartbeat.tools.lan;

import hartbeat.devices.host.HostException;
import hartbeat.devices.host.posix.Posix;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** A tap interface of the network namespace that the opening thread is in (man 7 netdevice). A thread of its own reads it. */
public final class TapDevice implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(TapDevice.class.getName());
    private static final int MAX_FRAME_BYTES = 65_550;
    private static final int POLL_MILLIS = 200;
    private static final int NAME_BYTES = 16;
    private static final int IFREQ_BYTES = 40;
    // linux/if_tun.h, linux/sockios.h, linux/if.h
    private static final long TUNSETIFF = 0x400454caL;
    private static final long SIOCSIFADDR = 0x8916;
    private static final long SIOCSIFNETMASK = 0x891c;
    private static final long SIOCGIFFLAGS = 0x8913;
    private static final long SIOCSIFFLAGS = 0x8914;
    private static final int IFF_TAP = 0x0002;
    private static final int IFF_NO_PI = 0x1000;
    private static final int IFF_UP = 0x1;

    private final String name;
    private final int fd;
    private final Thread reader;
    private volatile boolean closed;

    private TapDevice(String name, int fd, Consumer<byte[]> frames) {
        this.name = name;
        this.fd = fd;
        reader = Thread.ofPlatform().name("tap-" + name).daemon().start(() -> read(frames));
    }

    /**
     * Creates the interface (or opens a persistent one), gives it its address and switches it on.
     *
     * @param address {@code a.b.c.d/n}, or empty for none
     * @param frames is given each frame that the kernel sends, on a thread of the device's own
     * @throws HostException if the host has no tun driver or the user no right to it
     */
    public static TapDevice open(String name, String address, Consumer<byte[]> frames) throws HostException {
        if (!name.matches("[A-Za-z0-9_.-]{1,15}")) {
            throw new HostException("tap " + name + ": not a name of an interface", "for example hartbeat0");
        }
        int fd = Posix.open("/dev/net/tun", Posix.O_RDWR | Posix.O_NONBLOCK | Posix.O_CLOEXEC);
        if (fd < 0) {
            throw new HostException(
                    "tap: /dev/net/tun: " + Posix.message(-fd),
                    fd == -Posix.ENOENT
                            ? "load the driver as root (modprobe tun), or use --uplink passt"
                            : "run as root, let root chmod a+rw /dev/net/tun, or use --uplink passt");
        }
        try {
            ByteBuffer request = request(name);
            request.putShort(NAME_BYTES, (short) (IFF_TAP | IFF_NO_PI));
            check(name, "create", Posix.ioctl(fd, TUNSETIFF, request.array()));
            address(name, address);
            up(name, true);
            return new TapDevice(name, fd, frames);
        } catch (HostException e) {
            Posix.close(fd);
            throw e;
        }
    }

    /** Switches an interface of the calling thread's network namespace on or off, as {@code ip link set NAME up|down} does. */
    public static void up(String name, boolean on) throws HostException {
        int socket = Posix.socket(Posix.AF_INET, Posix.SOCK_DGRAM);
        check(name, "socket", socket);
        try {
            ByteBuffer flags = request(name);
            check(name, "flags", Posix.ioctl(socket, SIOCGIFFLAGS, flags.array()));
            int before = flags.getShort(NAME_BYTES);
            flags.putShort(NAME_BYTES, (short) (on ? before | IFF_UP : before & ~IFF_UP));
            check(name, on ? "up" : "down", Posix.ioctl(socket, SIOCSIFFLAGS, flags.array()));
        } finally {
            Posix.close(socket);
        }
    }

    private static void address(String name, String text) throws HostException {
        if (text.isEmpty()) {
            return;
        }
        int[] address = parse(text);
        int mask = address[1] == 0 ? 0 : -1 << (32 - address[1]);
        int socket = Posix.socket(Posix.AF_INET, Posix.SOCK_DGRAM);
        check(name, "socket", socket);
        try {
            check(name, "address", Posix.ioctl(socket, SIOCSIFADDR, internet(name, address[0])));
            check(name, "netmask", Posix.ioctl(socket, SIOCSIFNETMASK, internet(name, mask)));
        } finally {
            Posix.close(socket);
        }
    }

    private static void check(String name, String what, int result) throws HostException {
        if (result < 0) {
            String hint = switch (-result) {
                case Posix.EPERM, Posix.EACCES ->
                    "run as root, or inside a namespace of your own (unshare -rn), or use --uplink passt";
                case Posix.EBUSY -> "another process uses it; choose another name";
                default -> "see ip link show " + name;
            };
            throw new HostException("tap " + name + ": " + what + ": " + Posix.message(-result), hint);
        }
    }

    /** struct ifreq (man 7 netdevice): the name, then what is asked for, in the host's byte order. */
    private static ByteBuffer request(String name) {
        return ByteBuffer.allocate(IFREQ_BYTES)
                .order(ByteOrder.nativeOrder())
                .put(name.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] internet(String name, int address) {
        ByteBuffer request = request(name).putShort(NAME_BYTES, (short) Posix.AF_INET);
        return request.order(ByteOrder.BIG_ENDIAN)
                .putInt(NAME_BYTES + 4, address)
                .array();
    }

    /** Address and prefix length of {@code a.b.c.d/n}. */
    static int[] parse(String text) throws HostException {
        if (text.matches("[0-9]{1,3}(\\.[0-9]{1,3}){3}/[0-9]{1,2}")) {
            String[] parts = text.split("[./]");
            int address = 0;
            boolean valid = Integer.parseInt(parts[4]) <= 32;
            for (int i = 0; i < 4; i++) {
                int part = Integer.parseInt(parts[i]);
                valid &= part <= 255;
                address = address << 8 | part;
            }
            if (valid) {
                return new int[] {address, Integer.parseInt(parts[4])};
            }
        }
        throw new HostException("tap address " + text + ": expected=ADDRESS/PREFIX", "for example 10.0.2.2/24");
    }

    /** Gives the kernel a frame; one that it has no room for, or whose interface is off, is lost. */
    public void write(byte[] frame) {
        Posix.write(fd, frame);
    }

    private void read(Consumer<byte[]> frames) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(MAX_FRAME_BYTES);
            while (!closed) {
                int ready = Posix.pollReadable(fd, POLL_MILLIS);
                int length = ready > 0 ? Posix.read(fd, buffer) : 0;
                if (length > 0) {
                    frames.accept(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE));
                } else if (length < 0 && length != -Posix.EAGAIN && length != -Posix.EINTR) {
                    LOG.log(System.Logger.Level.ERROR, "tap {0} has ended: {1}", name, Posix.message(-length));
                    return;
                }
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Posix.close(fd);
    }
}
