package hartbeat.tools.compose;

import hartbeat.ft.role.Status;
import hartbeat.ft.run.Role;
import hartbeat.ft.run.host.RealTimeLoop;
import hartbeat.tools.ExitCode;
import hartbeat.tools.UserError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Runs a side of a pair to its end, and tells its state four times a second while it does. */
final class PairLoop {
    private static final long STATE_NANOS = 250_000_000;

    private final RealTimeLoop loop;
    private final StatusLines lines;

    PairLoop(RealTimeLoop loop, StatusLines lines) {
        this.loop = loop;
        this.lines = lines;
    }

    /**
     * Polls until the role ends.
     *
     * @param status asked on the role's thread
     */
    Role.Outcome run(Role role, LongFunction<Status> status) {
        Role.Outcome outcome = loop.run(new Reporting(role, status));
        lines.tell("state", fields(status.apply(loop.nowNanos())));
        return outcome == null ? new Role.Outcome(ExitCode.FAILED, "interrupted") : outcome;
    }

    /**
     * Polls the making of a pair until it is made or has failed, or until there is something else to be done first.
     *
     * @return whether it is made
     */
    boolean make(Role start, BooleanSupplier first) {
        Role.Outcome outcome = loop.run(new Making(start, first));
        if (outcome == null) {
            throw UserError.failed("interrupted", null);
        }
        if (outcome.exitCode() != ExitCode.DONE) {
            throw UserError.of(outcome.exitCode(), outcome.message(), null);
        }
        return start.outcome() != null;
    }

    private record Making(Role start, BooleanSupplier first) implements Role {
        @Override
        public long poll(long nowNanos) {
            return start.poll(nowNanos);
        }

        @Override
        public @Nullable Outcome outcome() {
            Outcome made = start.outcome();
            return made == null && first.getAsBoolean() ? new Outcome(ExitCode.DONE, "") : made;
        }
    }

    private final class Reporting implements Role {
        private final Role inner;
        private final LongFunction<Status> status;
        private long toldNanos;

        Reporting(Role inner, LongFunction<Status> status) {
            this.inner = inner;
            this.status = status;
        }

        @Override
        public long poll(long nowNanos) {
            long next = inner.poll(nowNanos);
            if (nowNanos - toldNanos >= STATE_NANOS) {
                toldNanos = nowNanos;
                lines.tell("state", fields(status.apply(nowNanos)));
            }
            return Math.min(next, toldNanos + STATE_NANOS);
        }

        @Override
        public @Nullable Outcome outcome() {
            if (lines.broken()) {
                return new Outcome(ExitCode.FAILED, "nobody reads the status lines any more");
            }
            return inner.outcome();
        }
    }

    static Map<String, Object> fields(Status status) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("role", status.role());
        fields.put("phase", status.phase());
        fields.put("generation", status.generation());
        fields.put("icount", status.icount());
        fields.put("mips", status.mips());
        fields.put("lagMillis", status.lagMillis());
        fields.put("slowedMillis", status.slowedMillis());
        fields.put("logKbitPerSecond", status.logKbitPerSecond());
        fields.put("logBytes", status.logBytes());
        fields.put("heldOutputs", status.heldOutputs());
        fields.put("releasedOutputs", status.releasedOutputs());
        fields.put("digests", status.digests());
        fields.put("logPosition", status.logPosition());
        fields.put("safePosition", status.safePosition());
        fields.put("longestSilenceMillis", status.longestSilenceMillis());
        return fields;
    }
}
