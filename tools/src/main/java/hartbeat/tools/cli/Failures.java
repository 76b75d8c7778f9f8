package hartbeat.tools.cli;

import hartbeat.devices.host.HostException;
import hartbeat.tools.ExitCode;
import hartbeat.tools.UserError;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns whatever went wrong into one line with a hint and an exit code. */
public final class Failures {
    private Failures() {}

    /** A command line that picocli could not read. */
    public static int usage(ParameterException e, String[] args) {
        PrintWriter err = e.getCommandLine().getErr();
        List<String> names =
                e.getCommandLine().getCommandSpec().qualifiedName(" ").lines().toList();
        String name = names.isEmpty() ? "hartbeat" : names.getFirst();
        tell(err, UserError.usage(what(e), hint(e, name)));
        return ExitCode.USAGE;
    }

    private static String what(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String word = unmatched.getUnmatched().getFirst();
            boolean command = !word.startsWith("-")
                    && !e.getCommandLine().getSubcommands().isEmpty();
            return "unknown %s: %s".formatted(word.startsWith("-") ? "option" : command ? "command" : "argument", word);
        }
        ArgSpec argument = e.getArgSpec();
        if (argument != null && e.getValue() != null) {
            String name = argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
            return "%s: expected=%s, actual=%s".formatted(name, expected(argument.type()), e.getValue());
        }
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("wrong command line");
    }

    private static String hint(ParameterException e, String name) {
        List<String> like = e instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions() : List.of();
        return like.isEmpty() ? "see ./" + name + " --help" : "did you mean " + String.join(" or ", like) + "?";
    }

    /** What an option of a type takes, in words. */
    private static String expected(Class<?> type) {
        if (type.isEnum()) {
            return Arrays.stream(type.getEnumConstants())
                    .map(one -> one.toString().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(" or "));
        }
        if (type == double.class || type == Double.class) {
            return "a number";
        }
        boolean whole = type.isPrimitive() || Number.class.isAssignableFrom(type);
        return whole ? "a whole number" : "a " + type.getSimpleName().toLowerCase(Locale.ROOT);
    }

    /** An exception out of a command. */
    public static int execution(Exception e, CommandLine commandLine, CommandLine.ParseResult parsed) {
        PrintWriter err = commandLine.getErr();
        int exitCode = execution(e, err);
        if (Arrays.asList(parsed.originalArgs().toArray()).contains("--debug")) {
            e.printStackTrace(err);
            err.flush();
        }
        return exitCode;
    }

    /** An exception out of a command, told on {@code err}; its exit code. */
    public static int execution(Exception e, PrintWriter err) {
        UserError error = userError(e);
        tell(err, error);
        return error.exitCode();
    }

    private static void tell(PrintWriter err, UserError error) {
        err.println("hartbeat: " + error.line());
        err.flush();
    }

    /** The one line that a user gets for an exception. */
    public static UserError userError(Throwable e) {
        return switch (e) {
            case UserError known -> known;
            case HostException known -> UserError.failed(String.valueOf(known.getMessage()), known.hint(), known);
            case UncheckedIOException wrapped when wrapped.getCause() != null -> userError(wrapped.getCause());
            case NoSuchFileException missing ->
                UserError.failed("no such file: " + missing.getFile(), "check the path", missing);
            case AccessDeniedException denied ->
                UserError.failed("no access to " + denied.getFile(), "check its owner and permissions", denied);
            case FileSystemException file -> UserError.failed(fileSystem(file), fileHint(file), file);
            case BindException inUse ->
                UserError.failed("cannot listen: " + inUse.getMessage(), UserError.listenHint(inUse), inUse);
            case java.io.IOException io -> UserError.failed(text(io), null, io);
            case InterruptedException interrupted -> UserError.failed("interrupted", null, interrupted);
            case OutOfMemoryError full ->
                UserError.failed("the host's memory does not suffice", "give the guest less: --memory 64M", full);
            default -> UserError.failed("internal error: " + text(e), "run again with --debug and report it", e);
        };
    }

    private static String fileSystem(FileSystemException e) {
        return e.getFile() + ": " + (e.getReason() == null ? text(e) : e.getReason());
    }

    private static String fileHint(FileSystemException e) {
        return String.valueOf(e.getReason()).contains("No space") ? "free some space" : "check the path";
    }

    private static String text(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}
