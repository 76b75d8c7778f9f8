package hartbeat.tools.faults;

import hartbeat.tools.UserError;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is done to processes, cables and disks, and what it must lead to. */
public enum Kind {
    /** SIGSTOP for less time than a backup waits. */
    PAUSE_PRIMARY(Result.PROTECTED),
    /** SIGSTOP for less time than a primary waits. */
    PAUSE_BACKUP(Result.PROTECTED),
    PAUSE_SWITCH(Result.PROTECTED),
    /** SIGKILL; another is started in its place. */
    KILL_SWITCH(Result.PROTECTED),
    /** The backup's interface is switched off and on. */
    FLAP(Result.PROTECTED),
    /** A fifth of what goes between the sides is lost. */
    LOSS(Result.ANY),
    /** A fifth of what goes between live side and switch is lost. */
    LAN_LOSS(Result.PROTECTED),
    /** What goes between live side and switch takes a second. */
    LAN_DELAY(Result.PROTECTED),
    /** Nothing comes from the live side to the switch, for a while. */
    LAN_ONE_WAY(Result.PROTECTED),
    /** The arbiter's directory is renamed, and back. */
    ARBITER_AWAY(Result.PROTECTED),

    /** SIGKILL. */
    KILL_PRIMARY(Result.BACKUP_LIVE),
    KILL_BACKUP(Result.PRIMARY_LIVE),
    /** SIGSTOP until the other is live; then SIGCONT. */
    FREEZE_PRIMARY(Result.BACKUP_LIVE),
    FREEZE_BACKUP(Result.PRIMARY_LIVE),
    /** Off the network and killed at once: nobody is told. */
    POWER_PRIMARY(Result.BACKUP_LIVE),
    /** The primary's interface is switched off. */
    ISOLATE_PRIMARY(Result.BACKUP_LIVE),
    /** Nothing goes between the sides; both reach all else. */
    CUT(Result.ONE_LIVE),
    CUT_TO_BACKUP(Result.ONE_LIVE),
    CUT_TO_PRIMARY(Result.ONE_LIVE),
    /** What goes between the sides takes a second. */
    DELAY(Result.ONE_LIVE),
    /** The primary is killed while nobody reaches the arbiter: nobody goes on until it is back. */
    KILL_WITHOUT_ARBITER(Result.BACKUP_LIVE),
    /** The primary is killed while the arbiter's storage has no byte left: nobody goes on until it has. */
    KILL_FULL_ARBITER(Result.BACKUP_LIVE),
    /** The primary is killed while no side's storage has a byte left. */
    KILL_FULL_DISKS(Result.BACKUP_LIVE),
    /** The primary's storage is full before the guest first writes: its copy fails from then on, and the backup's does not. */
    FULL_PRIMARY(Result.BACKUP_LIVE);

    /** Who goes on. */
    enum Result {
        /** Both, as before. */
        PROTECTED,
        /** Both as before, or one of them alone. */
        ANY,
        BACKUP_LIVE,
        PRIMARY_LIVE,
        /** One of them, alone. */
        ONE_LIVE
    }

    private final Result result;

    Kind(Result result) {
        this.result = result;
    }

    Result result() {
        return result;
    }

    /** Whether the pair is protected afterwards, as a rule. */
    boolean passes() {
        return result == Result.PROTECTED || result == Result.ANY;
    }

    /** Whether it can befall a machine that has no backup. */
    boolean fitsSingle() {
        return switch (this) {
            case PAUSE_SWITCH, KILL_SWITCH, LAN_LOSS, LAN_DELAY, LAN_ONE_WAY, ARBITER_AWAY -> true;
            default -> false;
        };
    }

    @Override
    public String toString() {
        return option();
    }

    /** As the command line has it. */
    String option() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** All of them, for messages. */
    public static String options() {
        return Arrays.stream(values()).map(Kind::option).collect(Collectors.joining(","));
    }

    /** Reads an option's value. */
    public static Kind parse(String text) {
        return List.of(values()).stream()
                .filter(kind -> kind.option().equals(text))
                .findFirst()
                .orElseThrow(() -> UserError.usage("--only: no kind '%s'".formatted(text), "known: " + options()));
    }
}
