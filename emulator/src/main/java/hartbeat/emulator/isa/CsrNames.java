package hartbeat.emulator.isa;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Names of the CSRs that exist here (Priv. table 5 and following), for people. */
public final class CsrNames {
    private static final Map<Integer, String> NAMES = build();

    private CsrNames() {}

    /** The CSR's name, or its number in hexadecimal if it has none here. */
    public static String name(int number) {
        return NAMES.getOrDefault(number, String.format(Locale.ROOT, "0x%03x", number));
    }

    private static Map<Integer, String> build() {
        Map<Integer, String> names = new TreeMap<>();
        range(names, 0x100, "sstatus");
        range(names, 0x104, "sie", "stvec", "scounteren");
        names.put(0x10a, "senvcfg");
        range(names, 0x140, "sscratch", "sepc", "scause", "stval", "sip");
        names.put(0x14d, "stimecmp");
        names.put(0x15d, "stimecmph");
        names.put(0x180, "satp");
        range(names, 0x300, "mstatus", "misa", "medeleg", "mideleg", "mie", "mtvec", "mcounteren");
        names.put(0x30a, "menvcfg");
        names.put(0x310, "mstatush");
        names.put(0x31a, "menvcfgh");
        names.put(0x320, "mcountinhibit");
        range(names, 0x340, "mscratch", "mepc", "mcause", "mtval", "mip");
        range(names, 0x3a0, "pmpcfg0", "pmpcfg1", "pmpcfg2", "pmpcfg3");
        for (int i = 0; i < 16; i++) {
            names.put(0x3b0 + i, "pmpaddr" + i);
        }
        range(names, 0x7a0, "tselect", "tdata1", "tdata2", "tdata3", "tinfo");
        range(names, 0xb00, "mcycle");
        range(names, 0xb02, "minstret");
        range(names, 0xb80, "mcycleh");
        range(names, 0xb82, "minstreth");
        range(names, 0xc00, "cycle", "time", "instret");
        range(names, 0xc80, "cycleh", "timeh", "instreth");
        for (int i = 3; i < 32; i++) {
            names.put(0x320 + i, "mhpmevent" + i);
            names.put(0xb00 + i, "mhpmcounter" + i);
            names.put(0xb80 + i, "mhpmcounter" + i + "h");
            names.put(0xc00 + i, "hpmcounter" + i);
            names.put(0xc80 + i, "hpmcounter" + i + "h");
        }
        range(names, 0xf11, "mvendorid", "marchid", "mimpid", "mhartid", "mconfigptr");
        return names;
    }

    private static void range(Map<Integer, String> names, int first, String... list) {
        for (int i = 0; i < list.length; i++) {
            names.put(first + i, list[i]);
        }
    }
}
