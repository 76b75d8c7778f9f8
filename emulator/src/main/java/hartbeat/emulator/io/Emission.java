package hartbeat.emulator.io;

/**
 * An output with its place in the machine's history. Both sides of a pair give the same output the same number.
 *
 * @param number 1 for the first output of the machine's life, then one more each
 * @param icount retired instructions when the output was made
 */
public record Emission(long number, long icount, Output output) {}
