package hartbeat.ft.arbiter;

import org.jspecify.annotations.Nullable;

/** An arbiter that is asked now and answers later. One question at a time; all methods return at once. */
public interface Arbiter {
    /** What can be asked. */
    sealed interface Question {}

    /**
     * Wants to be the one who is live in this generation. Asking again after an unknown answer is safe: who has won is told so
     * again.
     *
     * @param generation the one after the highest that the asker knows
     * @param claimant who asks; unique for this process
     */
    record Claim(long generation, String claimant) implements Question {}

    /** Wants to know the highest generation. */
    record Look() implements Question {}

    /** What is answered. */
    sealed interface Answer {}

    /** The claimant is live in this generation, and nobody else ever will be. */
    record Won(long generation) implements Answer {}

    /** Somebody else has this generation, or a higher one. */
    record Lost(long generation, String holder) implements Answer {}

    /** The highest generation, 0 and an empty holder if there is none. */
    record Highest(long generation, String holder) implements Answer {}

    /** No answer can be had now; whether a claim was made is unknown. */
    record Unreachable(String reason) implements Answer {}

    /** Asks. An earlier question without an answer is forgotten. */
    void ask(Question question);

    /** The answer to the last question, once; null while there is none. */
    @Nullable
    Answer poll();
}
