package hartbeat.ft.run;

import hartbeat.emulator.machine.Stop;

/** A source whose inputs are told to a recorder at the icount at which they are applied. */
public final class RecordingSource implements InputSource {
    private final InputSource inner;
    private final InputRecorder recorder;

    public RecordingSource(InputSource inner, InputRecorder recorder) {
        this.inner = inner;
        this.recorder = recorder;
    }

    @Override
    public Step next(Guest guest, Stop last, long nowNanos) {
        Step step = inner.next(guest, last, nowNanos);
        if (step instanceof Step.Apply apply) {
            recorder.applying(guest.icount(), apply.input(), nowNanos);
        }
        return step;
    }
}
