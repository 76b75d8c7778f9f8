package hartbeat.emulator.executor.translator;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * One downcall for everything: to make ready a shape of call costs a cold JVM many milliseconds. It is a critical one, which may hand
 * out addresses on the heap and must come back soon, as the JVM cannot stop its threads meanwhile.
 */
public final class HostCall {
    private static final Linker LINKER = Linker.nativeLinker();
    private static final MethodHandle CALL = LINKER.downcallHandle(
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG),
            Linker.Option.critical(true));

    private HostCall() {}

    /** Calls code by its address, with two addresses and two numbers. */
    public static long call(MemorySegment code, MemorySegment first, MemorySegment second, long third, long fourth) {
        try {
            return (long) CALL.invokeExact(code, first, second, third, fourth);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** A function of the C library. */
    static MemorySegment find(String name) {
        return LINKER.defaultLookup().findOrThrow(name);
    }
}
