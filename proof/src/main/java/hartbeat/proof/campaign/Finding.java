package hartbeat.proof.campaign;

/**
 * A violation.
 *
 * @param what was seen: what, expected, actual
 * @param repeat one command that shows it again
 */
public record Finding(String what, String repeat) {}
