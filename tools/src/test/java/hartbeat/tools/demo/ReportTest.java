package hartbeat.tools.demo;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.tools.text.Json;
import org.junit.jupiter.api.Test;

final class ReportTest {
    @Test
    void oneFailureFailsAll() {
        Report report = new Report();
        assertThat(report.held()).as("an empty report proves nothing").isFalse();

        report.add(Check.that("kill", "requests", true, 100, "requests", ""));
        assertThat(report.held()).isTrue();

        report.add(Check.missing("kill", "guest booted", "no prompt"));
        assertThat(report.held()).isFalse();
        assertThat(report.table())
                .contains("ok      requests      100 requests")
                .contains("FAILED  guest booted  -");
    }

    @Test
    void theJsonHoldsTheSameFigures() {
        Report report = new Report();
        report.add(Check.that("kill", "gap", true, 207.25, "ms", ""));

        assertThat(Json.parseObject(report.json()))
                .containsEntry("held", true)
                .extractingByKey("checks")
                .asString()
                .contains("figure=207.25", "unit=ms", "name=gap");
    }
}
