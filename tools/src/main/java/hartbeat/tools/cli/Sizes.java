package hartbeat.tools.cli;

import hartbeat.tools.UserError;

/** Sizes as QEMU users write them: {@code 128M}, {@code 1G}, {@code 65536K}; a bare number counts megabytes. */
public final class Sizes {
    private static final int MIN_SHIFT = 20;
    /** RAM begins at 0x80000000 and ends below 4 GiB, with room for what a guest may map above it. */
    private static final long MAX_BYTES = 2047L << 20;

    private Sizes() {}

    /** Size of guest RAM in bytes: whole megabytes, 1 MiB to 2047 MiB. */
    public static long memory(String text) {
        long bytes = bytes(text);
        if (bytes < 1L << MIN_SHIFT || bytes > MAX_BYTES || bytes % (1L << MIN_SHIFT) != 0) {
            throw UserError.usage(
                    "--memory: expected=whole megabytes from 1M to 2047M, actual=" + text, "for example 128M");
        }
        return bytes;
    }

    private static long bytes(String text) {
        int shift = MIN_SHIFT;
        String digits = text;
        if (!text.isEmpty() && !Character.isDigit(text.charAt(text.length() - 1))) {
            shift = switch (Character.toUpperCase(text.charAt(text.length() - 1))) {
                case 'K' -> 10;
                case 'M' -> 20;
                case 'G' -> 30;
                default -> -1;
            };
            digits = text.substring(0, text.length() - 1);
        }
        try {
            long number = Long.parseLong(digits);
            if (shift > 0 && number > 0 && number <= MAX_BYTES) {
                return number << shift;
            }
        } catch (NumberFormatException notANumber) {
            // The message below says the same.
        }
        throw UserError.usage("--memory: not a size: " + text, "for example 128M or 1G");
    }
}
