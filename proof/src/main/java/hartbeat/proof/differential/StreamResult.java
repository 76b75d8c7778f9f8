package hartbeat.proof.differential;

import java.util.Arrays;

/**
 * What became of a stream: the words of the harness's {@code struct result}.
 *
 * @param words {@link #WORDS} of them, never changed
 */
record StreamResult(int[] words) {
    static final int NUMBER = 0;
    static final int TRAPS = 1;
    static final int MEMORY = 2;
    static final int PASSES = 3;
    static final int RETIRED = 4;
    static final int WITHOUT_MARKS = 5;
    static final int X = 8;
    static final int CSRS = 40;
    static final int TRAP = 96;
    static final int TRAP_WORDS = 12;
    static final int MOST_TRAPS = 24;
    static final int WORDS = TRAP + MOST_TRAPS * TRAP_WORDS;

    /** The CSRs that are noted at the end, in their order. */
    static final String[] CSR_NAMES = {
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
        "stimecmph",
        "mtvec",
        "stvec",
        "mscratch",
        "sscratch",
        "sstatus",
        "sie",
        "sip",
        "sepc",
        "scause",
        "stval",
        "misa",
        "mstatush",
        "mhartid",
        "pmpcfg0",
        "pmpcfg1",
        "pmpcfg2",
        "pmpcfg3",
        "pmpaddr0",
        "pmpaddr1",
        "pmpaddr2",
        "pmpaddr3",
        "pmpaddr4",
        "pmpaddr5",
        "pmpaddr6",
        "pmpaddr7",
        "pmpaddr15"
    };

    /** What is noted at each trap. */
    enum Trap {
        MCAUSE,
        MEPC,
        MTVAL,
        MSTATUS,
        SCAUSE,
        SEPC,
        STVAL,
        INSTRUCTION,
        REGISTERS,
        MIP,
        SUPERVISOR_INSTRUCTION
    }

    /** Whether the stream has come to its end. */
    boolean ended() {
        return words[NUMBER] != 0;
    }

    /** The same without what depends on the stream's place in its batch, and on how many instructions the harness needed. */
    StreamResult anywhere() {
        int[] same = words.clone();
        same[NUMBER] = ended() ? 1 : 0;
        same[RETIRED] = 0;
        return new StreamResult(same);
    }

    int traps() {
        return Math.clamp(words[TRAPS], 0, MOST_TRAPS);
    }

    int trap(int number, Trap field) {
        return words[TRAP + number * TRAP_WORDS + field.ordinal()];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof StreamResult result && Arrays.equals(result.words, words);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words);
    }
}
