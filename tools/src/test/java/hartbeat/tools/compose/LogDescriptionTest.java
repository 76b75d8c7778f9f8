package hartbeat.tools.compose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.MachineId;
import hartbeat.devices.board.RngSeed;
import hartbeat.tools.UserError;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class LogDescriptionTest {
    private static final BoardConfig CONFIG = new BoardConfig(
            new MachineId(1, 2),
            1 << 20,
            1,
            BoardConfig.Transport.MODERN,
            List.of(),
            List.of(),
            false,
            false,
            "",
            new RngSeed(1, 2, 3, 4));

    @Test
    void filesAreFoundByTheirNames() {
        LogDescription log = decode("\"bios\":\"/b\",\"kernel\":\"/k\"");
        assertThat(log.config()).isEqualTo(CONFIG);
        assertThat(log.bios()).isEqualTo("/b");
        assertThat(log.kernel()).isEqualTo(Path.of("/k"));
        assertThat(log.initrd()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"bios\":\"\\u0000\"",
                "\"bios\":\"none\",\"kernel\":\"\\u0000\"",
                "\"bios\":\"\\u00",
                "\"bios\":1"
            })
    void whatNamesNoFileIsRefused(String rest) {
        assertThatThrownBy(() -> decode(rest))
                .isInstanceOf(UserError.class)
                .hasMessageStartingWith("run.log: the log's description");
    }

    private static LogDescription decode(String rest) {
        String json = "{\"machine\":\"%s\",%s}".formatted(HexFormat.of().formatHex(CONFIG.encode()), rest);
        return LogDescription.decode(json.getBytes(StandardCharsets.UTF_8), Path.of("run.log"));
    }
}
