package hartbeat.devices.host.posix;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

/** Thin bindings of Linux system calls (man 2 open, ioctl, fallocate, read, write, poll, unshare, setpriority). */
public final class Posix {
    public static final int ENOENT = 2;
    public static final int EINTR = 4;
    public static final int EAGAIN = 11;
    public static final int EACCES = 13;
    public static final int EPERM = 1;
    public static final int EBUSY = 16;
    public static final int O_RDWR = 2;
    public static final int O_NONBLOCK = 0x800;
    public static final int O_CLOEXEC = 0x80000;
    public static final int FALLOC_FL_KEEP_SIZE = 1;
    public static final int FALLOC_FL_PUNCH_HOLE = 2;
    public static final short POLLIN = 1;
    public static final int AF_INET = 2;
    public static final int SOCK_DGRAM = 2;
    public static final int CLONE_NEWNET = 0x4000_0000;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout CAPTURED = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = CAPTURED.varHandle(MemoryLayout.PathElement.groupElement("errno"));
    private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");

    private static final MethodHandle OPEN = bind(
            "open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), CAPTURE, Linker.Option.firstVariadicArg(2));
    private static final MethodHandle CLOSE = bind("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), CAPTURE);
    private static final MethodHandle IOCTL = bind(
            "ioctl",
            FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS),
            CAPTURE,
            Linker.Option.firstVariadicArg(2));
    private static final MethodHandle FALLOCATE =
            bind("fallocate", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_LONG), CAPTURE);
    private static final MethodHandle READ =
            bind("read", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG), CAPTURE);
    private static final MethodHandle WRITE =
            bind("write", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG), CAPTURE);
    private static final MethodHandle POLL =
            bind("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT), CAPTURE);
    private static final MethodHandle SOCKET =
            bind("socket", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), CAPTURE);
    private static final MethodHandle UNSHARE = bind("unshare", FunctionDescriptor.of(JAVA_INT, JAVA_INT), CAPTURE);
    private static final MethodHandle SETPRIORITY =
            bind("setpriority", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT), CAPTURE);
    private static final MethodHandle GETEUID = bind("geteuid", FunctionDescriptor.of(JAVA_INT));
    private static final MethodHandle STRERROR = bind("strerror", FunctionDescriptor.of(ADDRESS, JAVA_INT));

    private Posix() {}

    /** A file descriptor, or a negated errno. */
    public static int open(String path, int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CAPTURED);
            int result = (int) OPEN.invokeExact(state, arena.allocateFrom(path), flags);
            return result < 0 ? -errno(state) : result;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** A socket's descriptor, or a negated errno. */
    public static int socket(int domain, int type) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CAPTURED);
            int result = (int) SOCKET.invokeExact(state, domain, type, 0);
            return result < 0 ? -errno(state) : result;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    public static void close(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) CLOSE.invokeExact(arena.allocate(CAPTURED), fd);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Calls ioctl with a pointer to {@code argument}, which the kernel may change; 0 or more, or a negated errno. */
    public static int ioctl(int fd, long request, byte[] argument) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CAPTURED);
            MemorySegment memory = arena.allocateFrom(JAVA_BYTE, argument);
            int result = (int) IOCTL.invokeExact(state, fd, request, memory);
            MemorySegment.copy(memory, JAVA_BYTE, 0, argument, 0, argument.length);
            return result < 0 ? -errno(state) : result;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** 0, or a negated errno. */
    public static int fallocate(int fd, int mode, long offset, long length) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CAPTURED);
            int result = (int) FALLOCATE.invokeExact(state, fd, mode, offset, length);
            return result < 0 ? -errno(state) : 0;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Number of bytes read into {@code buffer} (0 at the end of file), or a negated errno. */
    public static int read(int fd, MemorySegment buffer) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CAPTURED);
            long result = (long) READ.invokeExact(state, fd, buffer, buffer.byteSize());
            return result < 0 ? -errno(state) : Math.toIntExact(result);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Number of bytes written, or a negated errno. */
    public static int write(int fd, byte[] bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CAPTURED);
            long result =
                    (long) WRITE.invokeExact(state, fd, arena.allocateFrom(JAVA_BYTE, bytes), (long) bytes.length);
            return result < 0 ? -errno(state) : Math.toIntExact(result);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Waits until {@code fd} can be read; 1 if so, 0 after {@code timeoutMillis}, or a negated errno. */
    public static int pollReadable(int fd, int timeoutMillis) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CAPTURED);
            // struct pollfd: int fd, short events, short revents.
            MemorySegment pollfd = arena.allocate(8, 4);
            pollfd.set(JAVA_INT, 0, fd);
            pollfd.set(JAVA_INT, 4, POLLIN);
            int result = (int) POLL.invokeExact(state, pollfd, 1L, timeoutMillis);
            return result < 0 ? -errno(state) : result;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** Gives the calling thread namespaces of its own, which what it starts inherits; 0, or a negated errno. */
    public static int unshare(int flags) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CAPTURED);
            int result = (int) UNSHARE.invokeExact(state, flags);
            return result < 0 ? -errno(state) : 0;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /**
     * Makes the calling thread, and those that it starts from now on, give way to others (a thread's niceness is its own in Linux).
     *
     * @param nice 0 to 19; lower than it is needs a privilege
     * @return 0, or a negated errno
     */
    public static int nice(int nice) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(CAPTURED);
            int result = (int) SETPRIORITY.invokeExact(state, 0, 0, nice);
            return result < 0 ? -errno(state) : 0;
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The user as whom this process acts; 0 is root, also in a user namespace of one's own. */
    public static int effectiveUser() {
        try {
            return (int) GETEUID.invokeExact();
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    /** The C library's text for an errno. */
    public static String message(int errno) {
        try {
            MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
            return text.reinterpret(Long.MAX_VALUE).getString(0);
        } catch (Throwable e) {
            throw unexpected(e);
        }
    }

    private static int errno(MemorySegment state) {
        return (int) ERRNO.get(state, 0L);
    }

    private static MethodHandle bind(String name, FunctionDescriptor descriptor, Linker.Option... options) {
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), descriptor, options);
    }

    private static IllegalStateException unexpected(Throwable e) {
        return new IllegalStateException("downcall failed", e);
    }
}
