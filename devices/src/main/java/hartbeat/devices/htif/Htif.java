package hartbeat.devices.htif;

import hartbeat.devices.Mistakes;
import hartbeat.emulator.bus.Device;
import hartbeat.emulator.io.Outbox;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.memory.GuestMemory;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import hartbeat.emulator.time.Clock;
import hartbeat.emulator.time.TimeWaiter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.OptionalLong;

/**
 * Host-target interface: a bare program ends its run, or prints, by writing the 64-bit word at its symbol {@code tohost}.
 *
 * <p>RV32 writes the two halves one after the other, in either order, and programs that write the low half only are usual. So a
 * command is complete when both halves are written; when the low half is written again before the high one, as in a loop; when
 * the value is 1 (the end with success); or when the other half does not come within a millisecond of guest time.
 */
public final class Htif implements Device, TimeWaiter {
    private static final long PATIENCE_TICKS = Clock.TICKS_PER_SECOND / 1000;
    private static final int LOW = 1;
    private static final int HIGH = 2;

    private static final int SYSCALL_DEVICE = 0;
    private static final int CONSOLE_DEVICE = 1;
    private static final int CONSOLE_GETCHAR = 0;
    private static final int CONSOLE_PUTCHAR = 1;

    /** A system call is 8 words of 64 bits: number, then arguments; the result goes where the number was. */
    private static final int CALL_BYTES = 64;

    private static final long CALL_WRITE = 64;
    private static final long CALL_EXIT = 93;
    private static final long NOT_IMPLEMENTED = -38;
    private static final int MAX_WRITE_BYTES = 1 << 16;

    private final int console;
    private final long tohost;
    private final OptionalLong fromhost;
    private final GuestMemory memory;
    private final Clock clock;
    private final Outbox outbox;
    private final Mistakes mistakes = new Mistakes();
    /** Halves written since the last complete command. */
    private int halves;

    private long patienceEnds = NEVER;

    /**
     * @param console index of the device under which printed characters leave
     * @param tohost address of the symbol, 8 bytes in RAM
     * @param fromhost address of the symbol that answers system calls, 8 bytes in RAM; without it none is served
     */
    public Htif(int console, long tohost, OptionalLong fromhost, GuestMemory memory, Clock clock, Outbox outbox) {
        this.console = console;
        this.tohost = tohost;
        this.fromhost = fromhost;
        this.memory = memory;
        this.clock = clock;
        this.outbox = outbox;
        clock.register(this);
        memory.watch(tohost, 8, this::stored);
    }

    public Mistakes mistakes() {
        return mistakes;
    }

    private void stored(long address, int length) {
        // Longer stores are images being loaded, not a hart's.
        if (length > 8) {
            return;
        }
        int written = (address < tohost + 4 ? LOW : 0) | (address + length > tohost + 4 ? HIGH : 0);
        boolean lowAgain = halves == LOW && written == LOW;
        halves |= written;
        long value = memory.i64(tohost);
        if (value == 0) {
            finish();
        } else if (value == 1 || halves == (LOW | HIGH) || lowAgain) {
            execute(value);
        } else {
            patienceEnds = clock.mtime() + PATIENCE_TICKS;
            clock.deadlineChanged();
        }
    }

    private void finish() {
        halves = 0;
        patienceEnds = NEVER;
    }

    private void execute(long value) {
        finish();
        int device = (int) (value >>> 56);
        int command = (int) (value >>> 48) & 0xff;
        long payload = value & 0xffff_ffff_ffffL;
        if (device == SYSCALL_DEVICE && command == 0) {
            system(payload);
        } else if (device == CONSOLE_DEVICE && command == CONSOLE_PUTCHAR) {
            acknowledge();
            outbox.emit(new Output.ConsoleOutput(console, new byte[] {(byte) payload}));
        } else if (device == CONSOLE_DEVICE && command == CONSOLE_GETCHAR) {
            // There is no input here: the guest asks and is never answered, as with an idle terminal.
            acknowledge();
        } else {
            fail("HTIF device %d command %d does not exist".formatted(device, command));
        }
    }

    /** An odd payload ends the run; an even one is the physical address of a system call. */
    private void system(long payload) {
        if ((payload & 1) != 0) {
            end(payload >>> 1);
        } else if (fromhost.isPresent() && memory.contains(payload, CALL_BYTES)) {
            call(payload, fromhost.getAsLong());
        } else {
            fail("HTIF system call at 0x%x: there is no memory, or no symbol fromhost for the answer"
                    .formatted(payload));
        }
    }

    private void end(long test) {
        if (test == 0) {
            outbox.emit(new Output.PowerOff(0, "the guest ended with success (HTIF)"));
        } else {
            outbox.emit(new Output.PowerOff(
                    1, "the guest reported failure of test %d (HTIF tohost=0x%x)".formatted(test, test << 1 | 1)));
        }
    }

    /** What programs without a proxy kernel use: writing to the terminal, and the end. */
    private void call(long at, long answer) {
        long number = memory.i64(at);
        if (number == CALL_EXIT) {
            end(memory.i64(at + 8));
            return;
        }
        long result = number == CALL_WRITE
                ? write(memory.i64(at + 16) & 0xffff_ffffL, memory.i64(at + 24) & 0xffff_ffffL)
                : NOT_IMPLEMENTED;
        memory.write(at, bytes(result), 0, 8);
        acknowledge();
        memory.write(answer, bytes(1), 0, 8);
    }

    private long write(long from, long length) {
        if (length > MAX_WRITE_BYTES || !memory.contains(from, length)) {
            mistakes.count(Mistakes.Kind.BAD_REQUEST);
            return NOT_IMPLEMENTED;
        }
        byte[] text = new byte[(int) length];
        memory.read(from, text, 0, text.length);
        if (length > 0) {
            outbox.emit(new Output.ConsoleOutput(console, text));
        }
        return length;
    }

    private static byte[] bytes(long value) {
        return ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }

    private void fail(String reason) {
        mistakes.count(Mistakes.Kind.BAD_REQUEST);
        outbox.emit(new Output.PowerOff(1, reason));
    }

    private void acknowledge() {
        memory.write(tohost, new byte[8], 0, 8);
        finish();
    }

    @Override
    public long deadlineMtime() {
        return patienceEnds;
    }

    @Override
    public void onTime(long mtime) {
        if (patienceEnds != NEVER && Long.compareUnsigned(mtime, patienceEnds) >= 0) {
            execute(memory.i64(tohost));
        }
    }

    @Override
    public void reset() {
        finish();
    }

    @Override
    public String name() {
        return "htif";
    }

    @Override
    public void save(StateWriter writer) {
        writer.u8(halves).i64(patienceEnds);
    }

    @Override
    public void restore(StateReader reader) {
        halves = reader.u8();
        patienceEnds = reader.i64();
    }
}
