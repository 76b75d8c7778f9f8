package hartbeat.tools;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** A failure that the user can do something about: told in one line, never with a stack trace. */
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int exitCode;
    private final @Nullable String hint;

    private UserError(int exitCode, String what, @Nullable String hint, @Nullable Throwable cause) {
        super(what, cause);
        this.exitCode = exitCode;
        this.hint = hint;
    }

    /** A command line, a file or a peer that cannot work as given. */
    public static UserError usage(String what, String hint) {
        return new UserError(ExitCode.USAGE, what, hint, null);
    }

    /** The work was begun or could not be begun for a reason outside the command line. */
    public static UserError failed(String what, @Nullable String hint) {
        return new UserError(ExitCode.FAILED, what, hint, null);
    }

    /** As {@link #failed(String, String)}, keeping what went wrong underneath for {@code --debug}. */
    public static UserError failed(String what, @Nullable String hint, Throwable cause) {
        return new UserError(ExitCode.FAILED, what, hint, cause);
    }

    /** A failure with an exit code of its own, see {@link ExitCode}. */
    public static UserError of(int exitCode, String what, @Nullable String hint) {
        return new UserError(exitCode, what, hint, null);
    }

    /** Why a file cannot be used, in words: the JDK's own message is often the file's name only. */
    public static String reason(IOException e) {
        return switch (e) {
            case NoSuchFileException _ -> "no such file or directory";
            case AccessDeniedException _ -> "permission denied";
            case FileAlreadyExistsException _ -> "it exists and is not a directory";
            case FileSystemException file when file.getReason() != null -> file.getReason();
            default -> e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        };
    }

    /** What to do about an address that cannot be listened at. */
    public static String listenHint(IOException e) {
        return String.valueOf(e.getMessage()).contains("assign requested address")
                ? "it must be an address of this host, see: ip address"
                : "choose another port, or end who uses this one";
    }

    /** One of {@link ExitCode}. */
    public int exitCode() {
        return exitCode;
    }

    /** The whole story in one line: what failed and, where known, what to do about it. */
    public String line() {
        String what = String.valueOf(getMessage()).replace('\n', ' ');
        return hint == null ? what : what + " (hint: " + hint + ")";
    }
}
