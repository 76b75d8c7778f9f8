package hartbeat.ft.run;

import hartbeat.emulator.io.Output;

/** Whether an output leaves the machine for good (gated) or is a request to the machine's own host (not gated). */
public enum OutputKind {
    EXTERNAL,
    INTERNAL;

    /** Disk requests on a side's own copy, and entropy requests, are internal; all else can be seen from outside. */
    public static OutputKind of(Output output, DiskMode disk) {
        return switch (output) {
            case Output.ConsoleOutput _, Output.FrameSent _, Output.PowerOff _, Output.Reset _ -> EXTERNAL;
            case Output.DiskRequest _ -> disk == DiskMode.SHARED ? EXTERNAL : INTERNAL;
            case Output.EntropyRequest _ -> INTERNAL;
        };
    }
}
