package hartbeat.bench.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Test
    void medianIsTheMiddleOrTheMeanOfTheMiddleTwo() {
        assertThat(Statistics.median(List.of(9.0, 1.0, 5.0))).isEqualTo(5);
        assertThat(Statistics.median(List.of(4.0, 1.0, 100.0, 2.0))).isEqualTo(3);
        assertThat(Statistics.median(List.of(7.0))).isEqualTo(7);
    }

    @Test
    void geometricMeanOfRatiosIsTheRatioOfGeometricMeans() {
        assertThat(Statistics.geometricMean(List.of(2.0, 8.0))).isEqualTo(4, within(1e-12));
        assertThat(Statistics.geometricMean(List.of(0.5, 2.0, 1.0))).isEqualTo(1, within(1e-12));
    }

    @Test
    void whatIsNotThereDoesNotCount() {
        assertThat(Statistics.median(List.of(Double.NaN, 3.0))).isEqualTo(3);
        assertThat(Statistics.geometricMean(List.of(Double.NaN, 3.0, Double.POSITIVE_INFINITY)))
                .isEqualTo(3, within(1e-12));
        assertThat(Statistics.median(List.of())).isNaN();
        assertThat(Statistics.geometricMean(List.of())).isNaN();
    }
}
