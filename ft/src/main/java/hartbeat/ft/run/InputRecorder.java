package hartbeat.ft.run;

import hartbeat.emulator.io.Input;

/** Is told every input of a live machine before it is applied. */
@FunctionalInterface
public interface InputRecorder {
    void applying(long icount, Input input, long nowNanos);
}
