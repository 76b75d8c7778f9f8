package hartbeat.ft.run;

import hartbeat.emulator.machine.Stop;

/** Decides what the machine does next: the host (live) or a log (replay). */
public interface InputSource {
    /**
     * @param guest the machine, to look at only
     * @param last why the machine last stopped; {@code REACHED} after an input was applied
     * @param nowNanos host time
     */
    Step next(Guest guest, Stop last, long nowNanos);
}
