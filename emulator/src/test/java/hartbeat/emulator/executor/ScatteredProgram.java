package hartbeat.emulator.executor;

import hartbeat.emulator.isa.Csr;
import hartbeat.emulator.isa.InstructionTable;
import hartbeat.emulator.rig.Asm;
import java.util.Random;

/**
 * A random program in small blocks over one or two pages, which jump to each other and write instructions into each other: where what was translated
 * together, or lies in one line of 64 bytes, is not what is executed together. A trap begins anew.
 */
final class ScatteredProgram {
    static final int CODE = 0x8000_1000;
    static final int CODE_BYTES = 0x2000;

    private static final int SETUP = 0x8000_0200;
    private static final int DATA = 0x8000_8000;
    private static final int TRAP = 0x8000_4000;
    private static final int POINTERS = 16;
    private static final int VALUES = 24;
    private static final String[] OPERATIONS = {"add", "xor", "sub", "or"};

    private final Random random;
    private final Asm asm = new Asm();
    private final int blocks;
    private final int gap;

    ScatteredProgram(long seed) {
        random = new Random(seed);
        blocks = random.nextInt(4, 24);
        gap = (CODE_BYTES >> random.nextInt(4)) / blocks & -4;
    }

    int[] code() {
        asm.la(Asm.T0, "trap").csr("csrrw", 0, Csr.MTVEC, Asm.T0).j("setup");
        asm.org(SETUP).label("setup");
        for (int i = 0; i < 8; i++) {
            asm.li(POINTERS + i, random.nextInt(3) == 0 ? DATA + 4 * random.nextInt(100) : anyWord());
        }
        for (int i = 0; i < 4; i++) {
            asm.li(VALUES + i, InstructionTable.named("addi").encode(any(), any(), 0, random.nextInt(50)));
        }
        asm.j(anyBlock());
        for (int i = 0; i < blocks; i++) {
            asm.org(CODE + i * gap).label("block" + i);
            int length = random.nextInt(1, Math.min(gap / 4 - 4, 20));
            for (int j = 0; j < length; j++) {
                instruction();
            }
            asm.j(random.nextInt(3) == 0 ? anyBlock() : "block" + (i + 1 + random.nextInt(3)) % blocks);
        }
        asm.org(TRAP).label("trap").imm("addi", Asm.A5, Asm.A5, 1).j("setup");
        return asm.code();
    }

    private void instruction() {
        int pointer = POINTERS + random.nextInt(8);
        switch (random.nextInt(25)) {
            case 0, 1 -> asm.store("sw", VALUES + random.nextInt(4), 0, pointer);
            case 2 -> asm.imm("addi", pointer, pointer, 4 * random.nextInt(-20, 20));
            case 3 -> asm.imm("lw", any(), pointer, 0);
            case 4 -> asm.branch(random.nextBoolean() ? "bne" : "beq", any(), any(), anyBlock());
            case 5 -> asm.csr("csrrs", any(), Csr.MINSTRET, 0);
            case 6, 7 -> asm.imm("addi", any(), any(), random.nextInt(-9, 9));
            default -> asm.reg(OPERATIONS[random.nextInt(OPERATIONS.length)], any(), any(), any());
        }
    }

    private int any() {
        return Asm.A0 + random.nextInt(4);
    }

    private String anyBlock() {
        return "block" + random.nextInt(blocks);
    }

    private int anyWord() {
        return CODE + random.nextInt(blocks) * gap + 4 * random.nextInt(gap / 4);
    }
}
