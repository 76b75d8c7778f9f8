package hartbeat.devices.plic;

import hartbeat.devices.Mistakes;
import hartbeat.emulator.bus.InterruptLine;
import hartbeat.emulator.bus.MmioDevice;
import hartbeat.emulator.state.StateReader;
import hartbeat.emulator.state.StateWriter;
import java.util.Arrays;
import java.util.List;

/**
 * Platform-level interrupt controller with level-triggered gateways (RISC-V PLIC specification 1.0.0). Sources are 1 to
 * {@link #SOURCES}; contexts are wired by the board. Registers are accessed as 32-bit words.
 */
public final class Plic implements MmioDevice {
    /** Greatest source number, as QEMU's {@code virt} has it. */
    public static final int SOURCES = 95;

    /** Bytes of address space. */
    public static final int SIZE = 0x600000;

    /** Greatest priority and threshold; the other bits of both registers read as zero. */
    public static final int MAX_PRIORITY = 7;

    private static final int WORDS = (SOURCES + 32) / 32;
    private static final int PENDING = 0x001000;
    private static final int ENABLE = 0x002000;
    private static final int ENABLE_STRIDE = 0x80;
    private static final int CONTEXT = 0x200000;
    private static final int CONTEXT_STRIDE = 0x1000;
    private static final int CLAIM = 4;

    private final List<InterruptLine> contexts;
    private final int[] priority = new int[SOURCES + 1];
    /** What the devices drive, one bit per source. */
    private final int[] level = new int[WORDS];
    /** Forwarded by the gateway and not claimed yet. */
    private final int[] pending = new int[WORDS];
    /** Claimed and not completed: the gateway is closed. */
    private final int[] inService = new int[WORDS];
    /** Enable bits of all contexts, {@link #WORDS} words each. */
    private final int[] enable;

    private final int[] threshold;
    private final Mistakes mistakes = new Mistakes();

    /** @param contexts wires to the harts, in the order of the contexts */
    public Plic(List<InterruptLine> contexts) {
        this.contexts = List.copyOf(contexts);
        this.enable = new int[WORDS * contexts.size()];
        this.threshold = new int[contexts.size()];
    }

    public Mistakes mistakes() {
        return mistakes;
    }

    /** The wire of an interrupt source. */
    public InterruptLine source(int number) {
        if (number < 1 || number > SOURCES) {
            throw new IllegalArgumentException(
                    "interrupt source: expected=1..%d, actual=%d".formatted(SOURCES, number));
        }
        return asserted -> drive(number, asserted);
    }

    private void drive(int source, boolean asserted) {
        if (asserted == get(level, source)) {
            return;
        }
        set(level, source, asserted);
        if (asserted && !get(inService, source)) {
            set(pending, source, true);
            update();
        }
    }

    /** Drives every context's wire: an enabled pending source of a priority above the threshold. */
    private void update() {
        for (int context = 0; context < contexts.size(); context++) {
            contexts.get(context).level(best(context, threshold[context]) != 0);
        }
    }

    /** The enabled pending source of the highest priority above {@code floor}, the lowest number among equals; 0 if none. */
    private int best(int context, int floor) {
        int found = 0;
        int foundPriority = floor;
        for (int word = 0; word < WORDS; word++) {
            int candidates = pending[word] & enable[context * WORDS + word];
            while (candidates != 0) {
                int source = word * 32 + Integer.numberOfTrailingZeros(candidates);
                candidates &= candidates - 1;
                if (priority[source] > foundPriority) {
                    found = source;
                    foundPriority = priority[source];
                }
            }
        }
        return found;
    }

    /** A claim is not held back by the threshold (PLIC 1.0.0, chapter 9), only by priority 0. */
    private int claim(int context) {
        int source = best(context, 0);
        if (source != 0) {
            set(pending, source, false);
            set(inService, source, true);
            update();
        }
        return source;
    }

    /** Opens the gateway again; a completion by a context that has not enabled the source is ignored. */
    private void complete(int context, int source) {
        if (source < 1 || source > SOURCES || (enable[context * WORDS + source / 32] >>> source & 1) == 0) {
            mistakes.count(Mistakes.Kind.BAD_REQUEST);
            return;
        }
        set(inService, source, false);
        if (get(level, source)) {
            set(pending, source, true);
        }
        update();
    }

    @Override
    public int load(int offset, int width) {
        if (width != 4) {
            mistakes.count(Mistakes.Kind.BAD_REGISTER_ACCESS);
            return 0;
        }
        if (offset < PENDING) {
            int source = offset / 4;
            return source <= SOURCES ? priority[source] : 0;
        }
        if (offset < ENABLE) {
            int word = (offset - PENDING) / 4;
            return word < WORDS ? pending[word] : 0;
        }
        if (offset < CONTEXT) {
            int index = enableIndex(offset);
            return index >= 0 ? enable[index] : 0;
        }
        int context = (offset - CONTEXT) / CONTEXT_STRIDE;
        if (context >= contexts.size()) {
            return 0;
        }
        return switch ((offset - CONTEXT) % CONTEXT_STRIDE) {
            case 0 -> threshold[context];
            case CLAIM -> claim(context);
            default -> 0;
        };
    }

    @Override
    public void store(int offset, int width, int value) {
        if (width != 4) {
            mistakes.count(Mistakes.Kind.BAD_REGISTER_ACCESS);
        } else if (offset < PENDING) {
            int source = offset / 4;
            if (source >= 1 && source <= SOURCES) {
                priority[source] = value & MAX_PRIORITY;
                update();
            }
        } else if (offset >= CONTEXT) {
            storeContext((offset - CONTEXT) / CONTEXT_STRIDE, (offset - CONTEXT) % CONTEXT_STRIDE, value);
        } else if (offset >= ENABLE) {
            int index = enableIndex(offset);
            if (index >= 0) {
                // Source 0 does not exist.
                enable[index] = index % WORDS == 0 ? value & ~1 : value;
                update();
            }
        }
    }

    private void storeContext(int context, int register, int value) {
        if (context >= contexts.size()) {
            return;
        }
        if (register == 0) {
            threshold[context] = value & MAX_PRIORITY;
            update();
        } else if (register == CLAIM) {
            complete(context, value);
        }
    }

    /** Index into {@link #enable}, or -1 where there is no register. */
    private int enableIndex(int offset) {
        int context = (offset - ENABLE) / ENABLE_STRIDE;
        int word = (offset - ENABLE) % ENABLE_STRIDE / 4;
        return context < contexts.size() && word < WORDS ? context * WORDS + word : -1;
    }

    private static boolean get(int[] bits, int source) {
        return (bits[source / 32] >>> source & 1) != 0;
    }

    private static void set(int[] bits, int source, boolean value) {
        if (value) {
            bits[source / 32] |= 1 << source;
        } else {
            bits[source / 32] &= ~(1 << source);
        }
    }

    @Override
    public void reset() {
        for (int[] registers : List.of(priority, level, pending, inService, enable, threshold)) {
            Arrays.fill(registers, 0);
        }
        contexts.forEach(line -> line.level(false));
    }

    @Override
    public String name() {
        return "plic";
    }

    @Override
    public void save(StateWriter writer) {
        writer.i32s(priority)
                .i32s(level)
                .i32s(pending)
                .i32s(inService)
                .i32s(enable)
                .i32s(threshold);
    }

    @Override
    public void restore(StateReader reader) {
        for (int[] registers : List.of(priority, level, pending, inService, enable, threshold)) {
            reader.i32s(registers);
        }
    }
}
