package hartbeat.tools.prove;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.proof.campaign.Budget;
import hartbeat.proof.campaign.Campaign;
import hartbeat.proof.campaign.Finding;
import hartbeat.proof.campaign.Tried;
import hartbeat.tools.prove.Campaigns.Entry;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

final class ProofTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private record Fake(String name, long floorPerHour, Function<Budget, Tried> work) implements Campaign {
        @Override
        public String unit() {
            return "pieces";
        }

        @Override
        public Tried run(Budget budget, LongConsumer progress) {
            progress.accept(3);
            return work.apply(budget);
        }
    }

    private static Fake fake(String name, long floor, long count, Finding... findings) {
        return new Fake(name, floor, _ -> new Tried(name, "pieces", count, List.of(findings)));
    }

    private static ProofReport report(double floorHours, Entry... entries) {
        return new ProofReport(
                new Proof(List.of(entries), HOUR, 7, 2, new PrintWriter(new StringWriter())).run(), 7, floorHours, 1);
    }

    private static String printed(ProofReport report) {
        StringWriter out = new StringWriter();
        report.print(new PrintWriter(out));
        return out.toString();
    }

    @Test
    void timeIsDealtByShares_thoseThatWaitHaveAllOfItAndOneLane() {
        List<String> dealt = Collections.synchronizedList(new ArrayList<>());
        Function<String, Fake> noting = name -> new Fake(name, 0, budget -> {
            dealt.add("%s %d s, seed %d, %d jobs"
                    .formatted(name, budget.time().toSeconds(), budget.seed(), budget.jobs()));
            return new Tried(name, "pieces", 1, List.of());
        });
        ProofReport report = report(
                0,
                new Entry(noting.apply("one"), 1),
                new Entry(noting.apply("beside"), 0),
                new Entry(noting.apply("three"), 3));
        assertThat(dealt)
                .containsExactlyInAnyOrder(
                        "one 900 s, seed 7, 2 jobs", "three 2700 s, seed 7, 2 jobs", "beside 3600 s, seed 7, 1 jobs");
        assertThat(report.lines())
                .extracting(line -> line.campaign().name())
                .as("in the order of the list")
                .containsExactly("one", "beside", "three");
    }

    @Test
    void whatWaitsLeavesOffALittleAboveItsFloor_unlessItIsAlone() {
        List<Long> enough = Collections.synchronizedList(new ArrayList<>());
        Fake waiting = new Fake("waiting", 1000, budget -> {
            enough.add(budget.enough());
            return new Tried("waiting", "pieces", 1, List.of());
        });
        report(0, new Entry(fake("computing", 0, 1), 1), new Entry(waiting, 0));
        report(0, new Entry(waiting, 0));
        assertThat(enough).containsExactly(1200L, Long.MAX_VALUE);
    }

    @Test
    void aFindingIsToldWithItsCommand() {
        ProofReport report = report(0, new Entry(fake("one", 0, 5, new Finding("a hole", "./hartbeat dig")), 1));
        assertThat(report.found()).isEqualTo(1);
        assertThat(printed(report)).contains("one: violation: a hole\n    repeat: ./hartbeat dig\n");
        assertThat(report.json()).contains("\"repeat\": \"./hartbeat dig\"");
    }

    @Test
    void aFloorThatIsMissedIsNamed() {
        Entry less = new Entry(fake("less", 10, 19), 1);
        Entry enough = new Entry(fake("enough", 10, 20), 1);
        assertThat(report(2, less, enough).missed()).containsExactly("less: pieces: expected>=20, actual=19");
        assertThat(report(0, less, enough).missed()).isEmpty();
    }

    @Test
    void aCampaignThatBreaksOffIsAFinding_theOthersGoOn() {
        Fake broken = new Fake("broken", 0, _ -> {
            throw new IllegalStateException("no luck");
        });
        ProofReport report = report(0, new Entry(broken, 1), new Entry(fake("next", 0, 4), 1));
        assertThat(printed(report))
                .contains("broke off", "no luck", "./hartbeat prove --only broken --seed 7 --jobs 2 --hours 0.5000")
                .containsPattern("broken +3 +pieces +- +1")
                .containsPattern("next +4 +pieces +- +0");
    }
}
