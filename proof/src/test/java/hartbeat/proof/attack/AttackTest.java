package hartbeat.proof.attack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hartbeat.devices.board.BoardConfig.Transport;
import hartbeat.emulator.executor.translator.ExecutorKind;
import hartbeat.proof.attack.Attack.Attacker;
import hartbeat.proof.attack.Attack.Life;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lives of attackers, and that what watches them can fail. {@code ./hartbeat attack --seed S --runs 1} repeats one. */
final class AttackTest {
    @Test
    void livesOfEveryKindEndWell() {
        List<Long> seeds = List.of(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        assertThat(seeds.stream().map(Life::of).map(Life::name).distinct()).hasSize(4);
        try (Attack attack = new Attack()) {
            for (long seed : seeds) {
                Attack.Result result = attack.run(seed, _ -> {});
                assertThat(result.violation()).as(result.life().command()).isNull();
                assertThat(result.steps()).isPositive();
            }
        }
    }

    @Test
    void equalSeedsGiveEqualSteps() {
        AttackBoard board = new AttackBoard(Transport.MODERN, "");
        assertThat(new Mutator(5, board).draw(500).toString())
                .isEqualTo(new Mutator(5, board).draw(500).toString());
        assertThat(Life.of(8).attacker()).isEqualTo(Attacker.GUEST);
    }

    @ParameterizedTest
    @EnumSource(Transport.class)
    void aWriteThatNoDescriptorNamesIsSeen(Transport transport) {
        // Nothing is granted to any device here, so that the first answer of one is a violation.
        int[][] nothing = {{}, {}, {}, {}, {}};
        try (Attacked attacked = new Attacked(transport, ExecutorKind.INTERPRETER, nothing)) {
            attacked.begin();
            List<Step> steps = new Mutator(1, attacked.board()).draw(DriverLife.STEPS);
            assertThatThrownBy(() -> steps.forEach(attacked::step))
                    .isInstanceOf(Violation.class)
                    .hasMessageContaining("no descriptor named them");
        }
    }

    @Test
    void anEscapedExceptionIsAViolation() {
        try (Attacked attacked = new Attacked(Transport.MODERN, ExecutorKind.INTERPRETER)) {
            attacked.begin();
            assertThatThrownBy(() -> attacked.step(new Step.Poke(Arena.MEMORY_END, new byte[1])))
                    .isInstanceOf(Violation.class)
                    .hasMessageContaining("escaped");
        }
    }

    @Test
    void devicesAreDrivenFarEnoughToAsk() {
        Map<String, Integer> made = new TreeMap<>();
        try (Attacked attacked = new Attacked(Transport.MODERN, ExecutorKind.INTERPRETER)) {
            for (long seed = 1; seed <= 8; seed++) {
                attacked.begin();
                for (Step step : new Mutator(seed, attacked.board()).draw(DriverLife.STEPS)) {
                    if (!attacked.ended()) {
                        attacked.step(step);
                    }
                }
                attacked.made().forEach((kind, count) -> made.merge(kind, count, Integer::sum));
            }
        }
        assertThat(made).containsKeys("ConsoleOutput", "DiskRequest", "EntropyRequest", "FrameSent", "PowerOff");
        assertThat(made.get("DiskRequest")).isGreaterThan(20);
        assertThat(made.get("FrameSent")).isGreaterThan(20);
    }
}
