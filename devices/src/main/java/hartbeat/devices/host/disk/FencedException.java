package hartbeat.devices.host.disk;

import java.io.IOException;

/** A write was refused because a later generation owns the shared disk; this side must halt (exit code 4). */
public final class FencedException extends IOException {
    private final long byGeneration;

    public FencedException(long ownGeneration, long byGeneration) {
        super("shared disk: generation " + ownGeneration + " is fenced by generation " + byGeneration);
        this.byGeneration = byGeneration;
    }

    /** The generation that owns the disk now. */
    public long byGeneration() {
        return byGeneration;
    }
}
