package hartbeat.proof.differential;

import hartbeat.emulator.isa.Decoder;
import hartbeat.emulator.isa.Disassembler;
import java.util.ArrayList;
import java.util.List;

/** A stream as text: its instructions, and what of its first state is not plain. */
final class StreamText {
    private static final int NOP = 0x0001;
    private static final String[] FIELDS = {
        "passes",
        "start",
        "offset",
        "length",
        "data seed",
        "mstatus",
        "medeleg",
        "mideleg",
        "mie",
        "mip",
        "mcounteren",
        "scounteren",
        "menvcfg",
        "menvcfgh",
        "senvcfg",
        "satp",
        "stimecmp",
        "mtimecmp",
        "msip",
        "stvec",
        "sscratch",
        "sepc",
        "scause",
        "stval",
        "pmpcfg0",
        "pmpcfg1",
        "pmpaddr0",
        "pmpaddr1",
        "pmpaddr2",
        "pmpaddr3",
        "pmpaddr4",
        "pmpaddr5",
        "pmpaddr6",
        "pmpaddr7"
    };

    private StreamText() {}

    /** Lines of it. */
    static List<String> of(Stream stream) {
        List<String> lines = new ArrayList<>();
        lines.add("  state: " + String.join(" ", state(stream)));
        int[] words = stream.words();
        for (int half = 0; half < 2 * words[Stream.LENGTH]; ) {
            int bits = stream.half(half) | (half + 1 < 2 * words[Stream.LENGTH] ? stream.half(half + 1) << 16 : 0);
            int length = Decoder.length(bits);
            if (length == 4 || (bits & 0xffff) != NOP) {
                int pc = words[Stream.START] + 2 * half;
                String encoding = length == 4 ? "%08x".formatted(bits) : "    %04x".formatted(bits & 0xffff);
                lines.add("  %08x: %s  %s".formatted(pc, encoding, Disassembler.disassemble(pc, bits)));
            }
            half += length / 2;
        }
        return lines;
    }

    private static List<String> state(Stream stream) {
        int[] plain = StreamShrinker.empty().words();
        List<String> state = new ArrayList<>();
        for (int i = 1; i < Stream.INSTRUCTIONS; i++) {
            int value = stream.words()[i];
            if (value != plain[i]) {
                state.add("%s=%x".formatted(name(i), value));
            }
        }
        return state;
    }

    private static String name(int index) {
        if (index < Stream.X) {
            return FIELDS[index - 1];
        } else if (index < Stream.PLAN) {
            return Disassembler.register(index - Stream.X);
        } else if (index < Stream.WILD) {
            return "after-trap-" + (index - Stream.PLAN + 1) + ".mstatus";
        } else if (index < Stream.PAGES) {
            return "after-trap-" + (index - Stream.WILD + 1) + ".pc";
        } else if (index < Stream.WINDOW_ENTRIES) {
            return "entry[%08x]".formatted(Stream.CODE + (index - Stream.PAGES) * Stream.PAGE);
        } else if (index < Stream.ROOTS) {
            return "entry[%08x]".formatted(Stream.WINDOW + (index - Stream.WINDOW_ENTRIES) * Stream.PAGE);
        }
        return index == Stream.ROOTS ? "root[c0000000]" : "root[c0400000]";
    }
}
