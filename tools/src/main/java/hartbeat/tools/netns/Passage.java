package hartbeat.tools.netns;

/**
 * How frames fare that go one way.
 *
 * @param loss share of them that is lost, 0 to 1
 * @param delayNanos by how much each is late; their order stays
 */
public record Passage(double loss, long delayNanos) {
    /** Nothing befalls them. */
    public static final Passage CLEAR = new Passage(0, 0);

    /** Nothing arrives. */
    public static final Passage CUT = new Passage(1, 0);

    public Passage {
        if (!(loss >= 0 && loss <= 1) || delayNanos < 0) {
            throw new IllegalArgumentException(
                    "passage: expected=loss 0 to 1, delay>=0, actual=%s, %s".formatted(loss, delayNanos));
        }
    }
}
