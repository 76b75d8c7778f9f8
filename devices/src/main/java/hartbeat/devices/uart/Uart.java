package hartbeat.devices.uart;

import hartbeat.devices.ByteQueue;
import hartbeat.devices.Mistakes;
import hartbeat.emulator.bus.InterruptLine;
import hartbeat.emulator.bus.MmioDevice;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Outbox;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;

/**
 * 16550A serial port (National Semiconductor PC16550D data sheet). Registers are bytes. Transmission takes no time: the transmitter is
 * always empty. Characters below the receiver's trigger level cause the time-out interrupt at once.
 *
 * <p>The terminal at the other end of the line is patient, so that nothing typed is lost to a guest that is not ready yet: a character
 * crosses the line as the guest takes it, and emptying the FIFO finds none of them in it. When the terminal may send is said by the
 * guest. One that has raised DTR or RTS runs the line with a handshake: it is sent to while RTS is active or the received-data interrupt is
 * enabled. (Linux raises DTR, reads RBR blindly while it sets the port up, and then raises RTS.) One that never touches these outputs has
 * a line without a handshake and is sent to when it looks: polls LSR for data, or enables the interrupt.
 */
public final class Uart implements MmioDevice {
    /** Bytes of address space. */
    public static final int SIZE = 0x100;

    /** Depth of the receiver FIFO. */
    public static final int FIFO = 16;

    /** Typed bytes that wait at the other end of the line, so that none is lost while the guest is slow. */
    public static final int INPUT_BUFFER = 4096;

    private static final int IER_RDA = 1;
    private static final int IER_THRE = 2;
    private static final int IER_RLS = 4;
    private static final int IER_MSR = 8;

    private static final int IIR_NONE = 1;
    private static final int IIR_MSR = 0;
    private static final int IIR_THRE = 2;
    private static final int IIR_RDA = 4;
    private static final int IIR_RLS = 6;
    private static final int IIR_TIMEOUT = 0x0c;
    private static final int IIR_FIFOS = 0xc0;

    private static final int LCR_DLAB = 0x80;
    private static final int LSR_DATA_READY = 1;
    private static final int LSR_OVERRUN = 2;
    private static final int LSR_TRANSMITTER_EMPTY = 0x60;

    private static final int MCR_RTS = 0x02;
    /** DTR and RTS; OUT1 and OUT2 are not on the line. */
    private static final int MCR_HANDSHAKE = 0x03;

    private static final int MCR_LOOPBACK = 0x10;
    /** Clear to send, data set ready, carrier: a terminal is always there. */
    private static final int MSR_CONNECTED = 0xb0;

    private static final int[] TRIGGER_LEVELS = {1, 4, 8, 14};

    private final int index;
    private final InterruptLine line;
    private final Outbox outbox;
    private final Mistakes mistakes = new Mistakes();

    /** What the transmitter sent in loopback. */
    private final ByteQueue fifo = new ByteQueue(FIFO);

    private final ByteQueue typed = new ByteQueue(INPUT_BUFFER);
    private int ier;
    private int fcr;
    private int lcr;
    private int mcr;
    private int scratch;
    private int divisor;
    private boolean overrun;
    private boolean thrEmptyPending;
    /** DTR or RTS was raised since the reset. */
    private boolean handshake;
    /** LSR said that there is a character, and it was not taken yet. */
    private boolean announced;
    /** Modem lines as last seen by the driver, for the delta bits of the MSR. */
    private int msrSeen;

    private int msrDelta;

    /** @param index of this device in the machine's list, for its outputs */
    public Uart(int index, InterruptLine line, Outbox outbox) {
        this.index = index;
        this.line = line;
        this.outbox = outbox;
        reset();
    }

    public Mistakes mistakes() {
        return mistakes;
    }

    @Override
    public int load(int offset, int width) {
        if (width != 1 || offset > 7) {
            mistakes.count(Mistakes.Kind.BAD_REGISTER_ACCESS);
            return 0;
        }
        boolean dlab = (lcr & LCR_DLAB) != 0;
        return switch (offset) {
            case 0 -> dlab ? divisor & 0xff : receive();
            case 1 -> dlab ? divisor >>> 8 : ier;
            case 2 -> identify();
            case 3 -> lcr;
            case 4 -> mcr;
            case 5 -> lineStatus();
            case 6 -> modemStatus();
            default -> scratch;
        };
    }

    @Override
    public void store(int offset, int width, int value) {
        if (width != 1 || offset > 7) {
            mistakes.count(Mistakes.Kind.BAD_REGISTER_ACCESS);
            return;
        }
        int octet = value & 0xff;
        boolean dlab = (lcr & LCR_DLAB) != 0;
        switch (offset) {
            case 0 -> {
                if (dlab) {
                    divisor = divisor & 0xff00 | octet;
                } else {
                    transmit(octet);
                }
            }
            case 1 -> {
                if (dlab) {
                    divisor = divisor & 0xff | octet << 8;
                } else {
                    enableInterrupts(octet & 0x0f);
                }
            }
            case 2 -> controlFifo(octet);
            case 3 -> lcr = octet;
            case 4 -> {
                mcr = octet & 0x1f;
                handshake |= !loopback() && (mcr & MCR_HANDSHAKE) != 0;
                noteModemLines();
            }
            case 7 -> scratch = octet;
            default -> {
                // LSR and MSR are not to be written; the data sheet keeps writes to them for factory tests.
            }
        }
        drive();
    }

    /** Takes typed bytes; what is more than {@link #room} is lost and counted. */
    @Override
    public void apply(Input.ToDevice input) {
        if (!(input instanceof Input.ConsoleInput console)) {
            mistakes.count(Mistakes.Kind.INPUT_UNEXPECTED);
            return;
        }
        for (byte octet : console.bytes()) {
            if (!typed.add(octet)) {
                mistakes.count(Mistakes.Kind.INPUT_DROPPED);
            }
        }
        drive();
    }

    @Override
    public int room() {
        return typed.room();
    }

    private boolean fifosEnabled() {
        return (fcr & 1) != 0;
    }

    private boolean loopback() {
        return (mcr & MCR_LOOPBACK) != 0;
    }

    /** Characters that the guest can have now. In loopback the receiver is cut off from the line. */
    private int available() {
        boolean maySend = !handshake || (mcr & MCR_RTS) != 0 || (ier & IER_RDA) != 0;
        return fifo.size() + (maySend && !loopback() ? typed.size() : 0);
    }

    private int receive() {
        int octet = 0;
        if (!fifo.isEmpty()) {
            octet = fifo.take();
        } else if (available() > 0 && (announced || (ier & IER_RDA) != 0)) {
            octet = typed.take();
        }
        announced = false;
        drive();
        return octet;
    }

    private void transmit(int octet) {
        if (!loopback()) {
            outbox.emit(new Output.ConsoleOutput(index, new byte[] {(byte) octet}));
        } else if (fifo.size() >= (fifosEnabled() ? FIFO : 1)) {
            overrun = true;
        } else {
            fifo.add(octet);
        }
        thrEmptyPending = true;
    }

    private void enableInterrupts(int value) {
        // Enabling the interrupt while the transmitter is empty raises it (data sheet, 8.6.5).
        if ((value & IER_THRE) != 0 && (ier & IER_THRE) == 0) {
            thrEmptyPending = true;
        }
        ier = value;
    }

    private void controlFifo(int value) {
        boolean toggled = ((value ^ fcr) & 1) != 0;
        if (toggled || (value & 2) != 0) {
            fifo.clear();
            announced = false;
        }
        if (toggled || (value & 4) != 0) {
            thrEmptyPending = true;
        }
        // The other bits can be set only together with the enable bit.
        fcr = (value & 1) == 0 ? 0 : value & 0xc9;
    }

    /** What IIR shows, in the data sheet's order of priority. */
    private int source() {
        if ((ier & IER_RLS) != 0 && overrun) {
            return IIR_RLS;
        }
        if ((ier & IER_RDA) != 0 && available() > 0) {
            boolean reached = !fifosEnabled() || available() >= TRIGGER_LEVELS[fcr >>> 6];
            return reached ? IIR_RDA : IIR_TIMEOUT;
        }
        if ((ier & IER_THRE) != 0 && thrEmptyPending) {
            return IIR_THRE;
        }
        if ((ier & IER_MSR) != 0 && msrDelta != 0) {
            return IIR_MSR;
        }
        return IIR_NONE;
    }

    private int identify() {
        int source = source();
        if (source == IIR_THRE) {
            thrEmptyPending = false;
            drive();
        }
        return source | (fifosEnabled() ? IIR_FIFOS : 0);
    }

    private int lineStatus() {
        announced = available() > 0;
        int status = LSR_TRANSMITTER_EMPTY | (announced ? LSR_DATA_READY : 0) | (overrun ? LSR_OVERRUN : 0);
        overrun = false;
        drive();
        return status;
    }

    private int modemStatus() {
        int status = modemLines() | msrDelta;
        msrDelta = 0;
        drive();
        return status;
    }

    /** In loopback DTR, RTS, OUT1 and OUT2 come back as DSR, CTS, RI and DCD. */
    private int modemLines() {
        if (!loopback()) {
            return MSR_CONNECTED;
        }
        return (mcr & 1) << 5 | (mcr & 2) << 3 | (mcr & 4) << 4 | (mcr & 8) << 4;
    }

    private void noteModemLines() {
        int lines = modemLines();
        int changed = (lines ^ msrSeen) >>> 4;
        // The ring indicator reports only its trailing edge.
        int ringEnded = (msrSeen & ~lines) >>> 4 & 4;
        msrDelta |= changed & ~4 | ringEnded;
        msrSeen = lines;
    }

    private void drive() {
        line.level(source() != IIR_NONE);
    }

    /** What waits at the other end of the line outlives a reset: it was taken from whoever typed, who will not type it again. */
    @Override
    public void reset() {
        fifo.clear();
        ier = 0;
        fcr = 0;
        lcr = 0;
        mcr = 0;
        scratch = 0;
        divisor = 0x0c;
        overrun = false;
        thrEmptyPending = false;
        handshake = false;
        announced = false;
        msrSeen = MSR_CONNECTED;
        msrDelta = 0;
        drive();
    }

    @Override
    public String name() {
        return "uart";
    }

    @Override
    public void save(StateWriter writer) {
        fifo.save(writer);
        typed.save(writer);
        writer.u8(ier).u8(fcr).u8(lcr).u8(mcr).u8(scratch).i32(divisor);
        writer.flag(overrun).flag(thrEmptyPending).flag(handshake).flag(announced);
        writer.u8(msrSeen).u8(msrDelta);
    }

    @Override
    public void restore(StateReader reader) {
        fifo.restore(reader);
        typed.restore(reader);
        ier = reader.u8();
        fcr = reader.u8();
        lcr = reader.u8();
        mcr = reader.u8();
        scratch = reader.u8();
        divisor = reader.i32();
        overrun = reader.flag();
        thrEmptyPending = reader.flag();
        handshake = reader.flag();
        announced = reader.flag();
        msrSeen = reader.u8();
        msrDelta = reader.u8();
    }
}
