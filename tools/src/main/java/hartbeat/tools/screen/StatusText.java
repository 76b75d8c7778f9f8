package hartbeat.tools.screen;

import java.util.Locale;

/**
 * The status line of a protected machine.
 *
 * @param role what the live side is: primary, live (alone)
 * @param icount retired instructions
 * @param mips million instructions per second, over the last second
 * @param lagMillis how far the backup is behind; negative if there is none
 * @param logKbits log traffic, kbit/s, over the last second
 * @param heldOutputs outputs that wait for the backup's acknowledgement
 */
public record StatusText(
        String role, long generation, long icount, double mips, double lagMillis, double logKbits, long heldOutputs) {

    /** One line; the terminal cuts what does not fit. */
    public String line() {
        String lag = lagMillis < 0 ? "none" : String.format(Locale.ROOT, "%.1f ms", lagMillis);
        return String.format(
                Locale.ROOT,
                " %s | gen %d | icount %,d | %.0f MIPS | lag %s | log %.0f kbit/s | held %d | Ctrl-A h: help",
                role,
                generation,
                icount,
                mips,
                lag,
                logKbits,
                heldOutputs);
    }
}
