package hartbeat.ft.arbiter;

import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A question to the arbiter that is a directory, answered step by step: each step is one operation of the storage, so that whoever drives
 * it may wait, be stopped or die between any two. Generations are files {@code generation-N}, which are never removed and hold the
 * holder's name. A claim writes a file of its own, brings it to stable storage, and gives it the name of the generation, which
 * fails if the name exists. Nothing is answered that the storage could forget: what an answer rests on is synced before.
 */
public final class Generations {
    private static final String PREFIX = "generation-";
    private static final Pattern NAME = Pattern.compile("generation-(\\d{1,18})");
    private static final Pattern ILLEGAL = Pattern.compile("[^A-Za-z0-9._-]");

    private enum Next {
        LIST,
        CLEAR,
        WRITE,
        LINK,
        SYNC,
        READ,
        FORGET,
        NOTHING
    }

    private final SharedDirectory directory;
    private final String place;
    private final Arbiter.Question question;
    private final String own;
    private Next next = Next.LIST;
    private long decided;
    private boolean wrote;
    private Arbiter.@Nullable Answer answer;

    /** @param place what the user calls the directory, for messages */
    public Generations(SharedDirectory directory, String place, Arbiter.Question question) {
        this.directory = directory;
        this.place = place;
        this.question = question;
        this.own = question instanceof Arbiter.Claim claim
                ? "claim-" + ILLEGAL.matcher(claim.claimant()).replaceAll("_")
                : "";
    }

    /** Answers a question at once, as far as the storage does. */
    public static Arbiter.Answer ask(SharedDirectory directory, String place, Arbiter.Question question) {
        Generations asked = new Generations(directory, place, question);
        Arbiter.Answer answer = null;
        while (answer == null) {
            answer = asked.step();
        }
        return answer;
    }

    /** Does the next operation; @return the answer once there is nothing more to do, before that null */
    public Arbiter.@Nullable Answer step() {
        try {
            switch (next) {
                case LIST -> list();
                case CLEAR -> {
                    directory.remove(own);
                    next = Next.WRITE;
                }
                case WRITE -> write();
                case LINK -> {
                    // Whether it succeeded is not asked: storage over a network may report a failure for what it has
                    // done, and the content says who has the name.
                    directory.link(own, PREFIX + decided);
                    next = Next.SYNC;
                }
                case SYNC -> {
                    directory.sync();
                    next = Next.READ;
                }
                case READ -> {
                    answered(directory.read(PREFIX + decided));
                    next = wrote ? Next.FORGET : Next.NOTHING;
                }
                case FORGET -> forget();
                case NOTHING -> {}
            }
        } catch (IOException e) {
            if (next != Next.FORGET) {
                answer = new Arbiter.Unreachable("arbiter %s: %s".formatted(place, e.getMessage()));
            }
            next = wrote && next != Next.FORGET ? Next.FORGET : Next.NOTHING;
        }
        return next == Next.NOTHING ? answer : null;
    }

    private void list() throws IOException {
        long highest = 0;
        for (String name : directory.names()) {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches()) {
                highest = Math.max(highest, Long.parseLong(matcher.group(1)));
            }
        }
        decided = highest;
        next = Next.SYNC;
        switch (question) {
            case Arbiter.Look _ -> {
                if (highest == 0) {
                    answer = new Arbiter.Highest(0, "");
                    next = Next.NOTHING;
                }
            }
            case Arbiter.Claim claim -> {
                if (highest < claim.generation() - 1) {
                    answer = new Arbiter.Unreachable(
                            "arbiter %s: generation expected>=%d, actual=%d, hint: both sides must use the same directory"
                                    .formatted(place, claim.generation() - 1, highest));
                    next = Next.NOTHING;
                } else if (highest < claim.generation()) {
                    decided = claim.generation();
                    next = Next.CLEAR;
                }
            }
        }
    }

    /** After {@link Next#CLEAR}: an own file that is left of an earlier claim may be a generation's by its second name. */
    private void write() throws IOException {
        if (question instanceof Arbiter.Claim claim) {
            wrote = true;
            directory.write(own, claim.claimant() + "\n");
        }
        next = Next.LINK;
    }

    private void answered(String holder) {
        answer = switch (question) {
            case Arbiter.Look _ -> new Arbiter.Highest(decided, holder);
            case Arbiter.Claim claim ->
                decided == claim.generation() && holder.equals(claim.claimant())
                        ? new Arbiter.Won(decided)
                        : new Arbiter.Lost(decided, holder);
        };
    }

    /** What is left of a claim is in nobody's way if this fails. */
    private void forget() throws IOException {
        next = Next.FORGET;
        directory.remove(own);
        next = Next.NOTHING;
    }
}
