package hartbeat.tools.cli;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Reads an ordinary line for a command that starts a machine, without describing the command first: on a cold JVM the description by
 * annotations takes longer than all else up to the first guest instruction. Ordinary is {@code COMMAND --option value ..}, each option
 * once and well formed; whatever is not, asks for help or is mistaken is left to picocli, which then explains it.
 */
public final class DirectLine {
    private final Iterator<String> words;
    private final Set<String> seen = new HashSet<>();

    /** A command that takes ordinary options one by one. Each of them is an option of picocli's as well, with the same effect. */
    interface Taker extends Callable<Integer> {
        /** @return whether there is such an option; its value is taken from the line then */
        boolean take(String option, DirectLine line);

        /** Whether all that is required was given. */
        boolean complete();
    }

    /** The line is not ordinary. Control flow, so it knows no stack. */
    private static final class UnusualException extends RuntimeException {
        private static final long serialVersionUID = 1;
        static final UnusualException INSTANCE = new UnusualException();

        private UnusualException() {
            super(null, null, false, false);
        }
    }

    private DirectLine(Iterator<String> words) {
        this.words = words;
    }

    /** The command that a line asks for, with its options; null if picocli has to read it. */
    public static @Nullable Callable<Integer> read(String... line) {
        Taker command = line.length == 0
                ? null
                : switch (line[0]) {
                    case "run" -> new RunCommand();
                    case "primary" -> new PrimaryCommand();
                    case "backup" -> new BackupCommand();
                    default -> null;
                };
        if (command == null) {
            return null;
        }
        try {
            new DirectLine(Arrays.asList(line).subList(1, line.length).iterator()).give(command);
            return command.complete() ? command : null;
        } catch (UnusualException | IllegalArgumentException unusual) {
            return null;
        }
    }

    private void give(Taker command) {
        while (words.hasNext()) {
            String option = words.next();
            if (!seen.add(option) || !command.take(option, this)) {
                throw UnusualException.INSTANCE;
            }
        }
    }

    /** The option's value. */
    String text() {
        String value = words.hasNext() ? words.next() : "";
        // What might be an option, a file of options or quoted is picocli's.
        if (value.isEmpty() || "-@\"'".indexOf(value.charAt(0)) >= 0) {
            throw UnusualException.INSTANCE;
        }
        return value;
    }
}
