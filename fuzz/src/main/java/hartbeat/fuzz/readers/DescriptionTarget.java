package hartbeat.fuzz.readers;

import hartbeat.devices.board.BoardConfig;
import hartbeat.ft.log.LogHeader;
import hartbeat.ft.run.DiskMode;
import hartbeat.fuzz.Target;
import hartbeat.tools.UserError;
import hartbeat.tools.compose.LogHeaderText;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;

/** What a recording's header says about its machine, as JSON. */
public final class DescriptionTarget implements Target {
    private static final Path FILE = Path.of("run.log");

    @Override
    public String name() {
        return "description";
    }

    @Override
    public String about() {
        return "JSON in the header of a recording: configuration and files";
    }

    @Override
    public void test(byte[] input) {
        try {
            LogHeaderText.of(new LogHeader(new byte[LogHeader.DIGEST_BYTES], DiskMode.SHARED, input), FILE);
        } catch (UserError refused) {
            // That is what the user is told.
        }
    }

    @Override
    public List<byte[]> seeds() {
        BoardConfig config = Configurations.whole(BoardConfig.Transport.MODERN, 64, "console=ttyS0");
        String machine = HexFormat.of().formatHex(config.encode());
        return List.of(
                text("{\"machine\":\"%s\",\"bios\":\"default\",\"kernel\":\"/k\",\"initrd\":null}".formatted(machine)),
                text("{\"machine\":\"%s\",\"bios\":\"/b\\u0041\\n\",\"kernel\":[1,-2.5e3,true,{}]}".formatted(machine)),
                text("{\"machine\":\"00\",\"bios\":\"none\"}"));
    }

    private static byte[] text(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }
}
