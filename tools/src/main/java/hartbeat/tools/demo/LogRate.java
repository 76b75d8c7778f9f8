package hartbeat.tools.demo;

import hartbeat.tools.process.Member;

/** Log traffic of a primary since a moment, from its own count of bytes. */
record LogRate(Member primary, long bytes, long nanos) {

    /** Begins to measure now. */
    static LogRate of(Member primary) {
        Member.Status state = primary.state();
        return new LogRate(primary, state.number("logBytes"), state.number("nanos"));
    }

    /** Mbit/s from the state that was told first to the one that was told last. */
    double mbitPerSecond() {
        Member.Status state = primary.state();
        long elapsed = state.number("nanos") - nanos;
        return elapsed <= 0 ? Double.NaN : (state.number("logBytes") - bytes) * 8e3 / elapsed;
    }
}
