package hartbeat.devices.board.fdt;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.MachineId;
import hartbeat.devices.board.RngSeed;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BoardTreeTest {
    private static final BoardConfig CONFIG = new BoardConfig(
            new MachineId(1, 2),
            128 << 20,
            2,
            BoardConfig.Transport.MODERN,
            List.of(),
            List.of(),
            false,
            false,
            "console=ttyS0",
            new RngSeed(1, 2, 3, 4));

    /** Every property by its path, walked as a guest does. */
    private static Map<String, byte[]> parse(byte[] blob) {
        ByteBuffer in = ByteBuffer.wrap(blob);
        assertThat(in.getInt(0)).isEqualTo(0xd00dfeed);
        assertThat(in.getInt(4)).isEqualTo(blob.length);
        int strings = in.getInt(12);
        Map<String, byte[]> properties = new TreeMap<>();
        String path = "";
        in.position(in.getInt(8));
        for (int token = in.getInt(); token != 9; token = in.getInt()) {
            switch (token) {
                case 1 -> {
                    String name = text(blob, in.position());
                    in.position((in.position() + name.length() + 4) & -4);
                    path = path + (name.isEmpty() ? "" : "/" + name);
                }
                case 2 -> path = path.substring(0, Math.max(0, path.lastIndexOf('/')));
                case 3 -> {
                    byte[] value = new byte[in.getInt()];
                    String name = text(blob, strings + in.getInt());
                    in.get(value);
                    in.position((in.position() + 3) & -4);
                    properties.put(path + ":" + name, value);
                }
                default -> throw new AssertionError("token " + token + " at " + in.position());
            }
        }
        assertThat(in.position()).isEqualTo(strings);
        return properties;
    }

    private static String text(byte[] blob, int from) {
        int end = from;
        while (blob[end] != 0) {
            end++;
        }
        return new String(blob, from, end - from, StandardCharsets.US_ASCII);
    }

    @Test
    void describesTheBoard() {
        Map<String, byte[]> tree = parse(BoardTree.generate(CONFIG, 0x8440_0000L, 0x1000));
        assertThat(tree)
                .containsKeys(
                        "/cpus/cpu@0:riscv,isa",
                        "/cpus/cpu@1/interrupt-controller:phandle",
                        "/soc/clint@2000000:reg",
                        "/soc/plic@c000000:riscv,ndev",
                        "/soc/rtc@101000:interrupts",
                        "/soc/test@100000:compatible",
                        "/soc/virtio_mmio@10008000:reg",
                        "/poweroff:regmap",
                        "/chosen:rng-seed");
        assertThat(hex(tree, "/memory@80000000:reg")).isEqualTo("00000000800000000000000008000000");
        assertThat(hex(tree, "/cpus:timebase-frequency")).isEqualTo("00989680");
        assertThat(hex(tree, "/soc/serial@10000000:interrupts")).isEqualTo("0000000a");
        assertThat(hex(tree, "/chosen:linux,initrd-start")).isEqualTo("0000000084400000");
        assertThat(hex(tree, "/chosen:linux,initrd-end")).isEqualTo("0000000084401000");
        assertThat(hex(tree, "/soc/plic@c000000:interrupts-extended"))
                .isEqualTo("000000040000000b0000000400000009000000060000000b0000000600000009");
        assertThat(new String(tree.get("/chosen:bootargs"), StandardCharsets.US_ASCII))
                .isEqualTo("console=ttyS0\0");
    }

    @Test
    void withoutAnInitrdNoneIsNamed() {
        assertThat(parse(BoardTree.generate(CONFIG, 0, 0))).doesNotContainKey("/chosen:linux,initrd-start");
    }

    private static String hex(Map<String, byte[]> tree, String property) {
        return HexFormat.of().formatHex(tree.get(property));
    }
}
