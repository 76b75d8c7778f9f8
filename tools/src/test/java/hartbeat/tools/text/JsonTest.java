package hartbeat.tools.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {
    @Test
    void whatIsWrittenIsReadBack() {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("text", "a \"quoted\" line\n\u0001 ü");
        value.put("whole", 123_456_789_012L);
        value.put("real", 0.25);
        value.put("flag", true);
        value.put("list", List.of(1L, "two", List.of()));
        value.put("map", Map.of());

        assertThat(Json.parse(Json.line(value))).isEqualTo(value);
        assertThat(Json.parse(Json.pretty(value))).isEqualTo(value);
    }

    @Test
    void figuresThatAreNoNumbersAreNull() {
        assertThat(Json.line(List.of(Double.NaN, Double.POSITIVE_INFINITY))).isEqualTo("[null,null]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[1,", "\"open", "{\"a\" 1}", "nul", "1 2", "{\"a\":}", "\"\\u12\"", "-"})
    void garbageIsRefused(String text) {
        assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void depthIsLimited() {
        assertThatThrownBy(() -> Json.parse("[".repeat(10_000))).isInstanceOf(IllegalArgumentException.class);
    }
}
