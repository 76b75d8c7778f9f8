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

    private final int console;
    private final long tohost;
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
     */
    public Htif(int console, long tohost, GuestMemory memory, Clock clock, Outbox outbox) {
        this.console = console;
        this.tohost = tohost;
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

    /** An odd payload ends the run; an even one is the address of a system call for a proxy kernel's host. */
    private void system(long payload) {
        if (payload == 1) {
            outbox.emit(new Output.PowerOff(0, "the guest ended with success (HTIF)"));
        } else if ((payload & 1) != 0) {
            long test = payload >>> 1;
            outbox.emit(new Output.PowerOff(
                    1, "the guest reported failure of test %d (HTIF tohost=0x%x)".formatted(test, payload)));
        } else {
            fail("HTIF system call at 0x%x: system calls of a proxy kernel are not served".formatted(payload));
        }
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
