package hartbeat.emulator.executor;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.executor.translator.Translator;
import hartbeat.emulator.isa.Csr;
import hartbeat.emulator.isa.InstructionTable;
import hartbeat.emulator.machine.Stop;
import hartbeat.emulator.rig.Asm;
import hartbeat.emulator.rig.Rig;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Places where a cache could show: each program on all executors, compared at every single count and in one go. */
class BlockRulesTest {
    private static final int ROOT = 0x8001_0000;
    private static final int LEAF = 0x8001_1000;
    private static final int ALL_RIGHTS = 0xf;

    @Test
    void aStoreIntoTheRunningBlockCountsForTheNextInstruction() {
        int li = InstructionTable.named("addi").encode(Asm.A2, 0, 0, 42);
        Asm asm = new Asm().li(Asm.T0, li).la(Asm.T1, "target").imm("addi", Asm.T2, 0, 3);
        asm.label("loop").store("sw", Asm.T0, 0, Asm.T1).imm("addi", Asm.A1, 0, 1);
        asm.label("target").imm("addi", Asm.A2, 0, 7).reg("add", Asm.A3, Asm.A3, Asm.A2);
        asm.imm("addi", Asm.T2, Asm.T2, -1)
                .branch("bne", Asm.T2, 0, "loop")
                .label("end")
                .j("end");
        assertThat(alike(asm, 40).x(Asm.A3)).isEqualTo(3 * 42);
    }

    /** What runs is a unit of three blocks, in its second; that writes to a neighbour of the third, and then to the third. */
    @Test
    void aUnitThatWasForgottenForItsNeighbourDoesNotGoOnIntoWhatIsWritten() {
        int data = 0x8000_4000;
        int neighbour = 28;
        Asm asm = new Asm().li(Asm.T0, InstructionTable.named("addi").encode(Asm.A2, 0, 0, 42));
        asm.li(Asm.T1, data).li(neighbour, data).imm("addi", Asm.S1, 0, 2).imm("addi", Asm.T2, 0, 4);
        asm.la(Asm.A5, "beside").imm("jalr", Asm.RA, Asm.A5, 0).j("first");
        asm.org(0x8000_0100).label("first").imm("addi", Asm.A4, Asm.A4, 1).j("second");
        asm.org(0x8000_0200).label("second").store("sw", Asm.T0, 0, Asm.T1).store("sw", Asm.T0, 0, neighbour);
        asm.imm("addi", Asm.A1, Asm.A1, 1).j("third");
        // It begins in a line with a word of data and ends in the third's.
        asm.org(0x8000_02c0).label("word").word(0).org(0x8000_02f0).label("beside");
        for (int i = 0; i < 6; i++) {
            asm.imm("addi", Asm.A0, Asm.A0, 1);
        }
        asm.imm("jalr", 0, Asm.RA, 0);
        asm.org(0x8000_0320).label("third").imm("addi", Asm.A2, 0, 7).reg("add", Asm.A3, Asm.A3, Asm.A2);
        asm.imm("addi", Asm.T2, Asm.T2, -1).branch("bne", Asm.T2, 0, "first");
        asm.imm("addi", Asm.T2, 0, 1).la(Asm.T1, "word").la(neighbour, "third");
        asm.imm("addi", Asm.S1, Asm.S1, -1)
                .branch("bne", Asm.S1, 0, "first")
                .label("end")
                .j("end");
        try (Rig rig = alike(asm, 150)) {
            assertThat(rig.x(Asm.A3)).isEqualTo(4 * 7 + 42);
        }
    }

    @Test
    void dataBesideCodeIsStoredWithoutHarm() {
        Asm asm = new Asm().la(Asm.T1, "data").imm("addi", Asm.T2, 0, 20);
        asm.label("loop")
                .imm("lw", Asm.A0, Asm.T1, 0)
                .imm("addi", Asm.A0, Asm.A0, 5)
                .store("sw", Asm.A0, 0, Asm.T1);
        asm.imm("addi", Asm.T2, Asm.T2, -1)
                .branch("bne", Asm.T2, 0, "loop")
                .label("end")
                .j("end");
        asm.org(0x8000_0800).label("data").word(0);
        assertThat(alike(asm, 120).memory().i32(0x8000_0800L)).isEqualTo(100);
    }

    @Test
    void aPageThatBecomesCodeIsNoLongerStoredToUnseen() {
        int first = InstructionTable.named("addi").encode(Asm.A2, Asm.A2, 0, 1);
        int second = InstructionTable.named("addi").encode(Asm.A2, Asm.A2, 0, 100);
        int back = InstructionTable.named("jalr").encode(0, Asm.RA, 0, 0);
        Asm asm = new Asm().li(Asm.T1, 0x8000_4000).li(Asm.T0, back).store("sw", Asm.T0, 4, Asm.T1);
        // Now the page is in the store table. Then it is executed from, and stored to again.
        asm.li(Asm.T0, first).store("sw", Asm.T0, 0, Asm.T1).imm("jalr", Asm.RA, Asm.T1, 0);
        asm.li(Asm.T0, second).store("sw", Asm.T0, 0, Asm.T1).imm("jalr", Asm.RA, Asm.T1, 0);
        asm.label("end").j("end");
        assertThat(alike(asm, 40).x(Asm.A2)).isEqualTo(101);
    }

    /** Blocks far from each other that are translated as one: whichever of them writes to whichever, what was written is executed. */
    @Test
    void aStoreIntoAnotherBlockOfTheSameUnitIsSeen() {
        int blocks = 4;
        for (int writer = 0; writer < blocks; writer++) {
            for (int target = 0; target < blocks; target++) {
                Asm asm = new Asm().imm("addi", Asm.T2, 0, 8).la(Asm.T1, "block" + target);
                asm.li(Asm.T0, InstructionTable.named("addi").encode(Asm.A2, 0, 0, 5))
                        .li(Asm.A5, 1 << 20);
                asm.j("block0");
                for (int i = 0; i < blocks; i++) {
                    asm.org(0x8000_0100 + 0x100 * i).label("block" + i);
                    asm.imm("addi", Asm.A2, 0, i).reg("add", Asm.A3, Asm.A3, Asm.A2);
                    if (i == writer) {
                        asm.store("sw", Asm.T0, 0, Asm.T1);
                    }
                    asm.imm("addi", Asm.A4, Asm.A4, 1).j("block" + (i + 1));
                }
                asm.org(0x8000_0100 + 0x100 * blocks).label("block" + blocks);
                asm.reg("add", Asm.T0, Asm.T0, Asm.A5)
                        .imm("addi", Asm.T2, Asm.T2, -1)
                        .branch("bne", Asm.T2, 0, "block0")
                        .label("end")
                        .j("end");
                try (Rig rig = alike(asm, 8 * (4 * blocks + 4) + 20)) {
                    int before = target > writer ? 0 : target;
                    int written = target > writer ? 8 * 5 + 28 : 7 * 5 + 21;
                    assertThat(rig.x(Asm.A3))
                            .as("block %d writes to block %d", writer, target)
                            .isEqualTo(8 * (6 - target) + before + written);
                }
            }
        }
    }

    /** A program that is loaded over another: each word is written, the blocks of the page go one by one or all at once, and none is left. */
    @Test
    void aPageOfCodeThatIsWrittenAnewIsExecutedAnew() {
        int words = 200;
        Asm asm = new Asm().imm("addi", Asm.T2, 0, 3).label("again").li(Asm.T1, 0x8000_4000);
        asm.li(Asm.T0, InstructionTable.named("addi").encode(Asm.A2, Asm.A2, 0, 0))
                .imm("slli", Asm.A5, Asm.T2, 20)
                .reg("add", Asm.T0, Asm.T0, Asm.A5)
                .imm("addi", Asm.S1, 0, words);
        asm.label("fill").store("sw", Asm.T0, 0, Asm.T1).imm("addi", Asm.T1, Asm.T1, 4);
        asm.imm("addi", Asm.S1, Asm.S1, -1).branch("bne", Asm.S1, 0, "fill");
        asm.li(Asm.T0, InstructionTable.named("jalr").encode(0, Asm.RA, 0, 0)).store("sw", Asm.T0, 0, Asm.T1);
        asm.li(Asm.T1, 0x8000_4000).imm("jalr", Asm.RA, Asm.T1, 0);
        asm.imm("addi", Asm.T2, Asm.T2, -1)
                .branch("bne", Asm.T2, 0, "again")
                .label("end")
                .j("end");
        try (Rig rig = alike(asm, 3 * (5 * words + 20))) {
            assertThat(rig.x(Asm.A2)).isEqualTo(words * (3 + 2 + 1));
        }
    }

    @Test
    void aPageThatIsWalkedIsNoLongerStoredToUnseen() {
        Asm asm = paged();
        // The leaf table is in the store table by then; a walk reads it, the entry changes, and no fence follows.
        asm.li(Asm.S0, 0x4000_0000).imm("lw", Asm.A0, Asm.S0, 0);
        asm.li(Asm.T0, entry(0x8000_6000)).li(Asm.T1, LEAF).store("sw", Asm.T0, 0, Asm.T1);
        asm.imm("lw", Asm.A1, Asm.S0, 0).label("end").j("end");
        asm.org(0x8000_5000).word(55).org(0x8000_6000).word(66);
        Rig rig = alike(asm, 100);
        assertThat(rig.x(Asm.A0)).isEqualTo(55);
        assertThat(rig.x(Asm.A1)).isEqualTo(66);
    }

    @Test
    void aChangedEntryOfADataPageIsSeenByTheNextAccess() {
        int dataOnly = ALL_RIGHTS & ~8;
        Asm asm = paged();
        asm.li(Asm.S0, 0x4000_0000).li(Asm.T1, LEAF).li(Asm.T0, entry(0x8000_5000) & ~8);
        asm.store("sw", Asm.T0, 0, Asm.T1).imm("lw", Asm.A0, Asm.S0, 0).store("sw", Asm.A0, 4, Asm.S0);
        asm.li(Asm.T0, (0x8000_6000 >>> 12) << 10 | dataOnly).store("sw", Asm.T0, 0, Asm.T1);
        asm.imm("lw", Asm.A1, Asm.S0, 0).store("sw", Asm.A1, 4, Asm.S0).imm("addi", Asm.A2, 0, 1);
        // Without the right to write there is a fault, whatever was stored there before.
        asm.la(Asm.T2, "handler").csr("csrrw", 0, Csr.STVEC, Asm.T2).imm("addi", Asm.T0, Asm.T0, -4);
        asm.store("sw", Asm.T0, 0, Asm.T1).store("sw", Asm.S0, 8, Asm.S0).imm("addi", Asm.A2, 0, 2);
        asm.label("end").j("end");
        asm.label("handler").csr("csrrs", Asm.A3, Csr.SCAUSE, 0).j("end");
        asm.org(0x8000_5000).word(55).org(0x8000_6000).word(66);
        Rig rig = alike(asm, 100);
        assertThat(rig.x(Asm.A0)).isEqualTo(55);
        assertThat(rig.x(Asm.A1)).isEqualTo(66);
        assertThat(rig.x(Asm.A2)).isEqualTo(1);
        assertThat(rig.memory().i32(0x8000_5004L)).isEqualTo(55);
        assertThat(rig.memory().i32(0x8000_6004L)).isEqualTo(66);
    }

    @Test
    void aStoreThatUnmapsItsOwnPageIsTheLastThatGoesThere() {
        Asm asm = paged();
        // The leaf table maps itself at 0x40001000. The first store there takes that mapping away, the second must
        // fault.
        asm.li(Asm.T1, LEAF).li(Asm.T0, entry(LEAF)).store("sw", Asm.T0, 4, Asm.T1);
        asm.li(Asm.S0, 0x4000_1000).imm("lw", Asm.A0, Asm.S0, 0).la(Asm.T0, "handler");
        asm.csr("csrrw", 0, Csr.STVEC, Asm.T0).store("sw", 0, 4, Asm.S0).store("sw", Asm.S0, 8, Asm.S0);
        asm.label("end").j("end");
        asm.label("handler").csr("csrrs", Asm.A1, Csr.SCAUSE, 0).j("end");
        Rig rig = alike(asm, 100);
        assertThat(rig.memory().i32(LEAF + 8 & 0xffff_ffffL)).isZero();
    }

    @Test
    void aPageIsTouchedWhenItsInstructionIsDueAndNotBefore() {
        Asm asm = paged();
        asm.li(Asm.S0, 0x4000_0000).imm("jalr", Asm.RA, Asm.S0, 0).label("end").j("end");
        asm.org(0x8000_5000).imm("addi", Asm.A0, 0, 9).imm("jalr", 0, Asm.RA, 0);
        try (Rig rig = translator(asm.code())) {
            while (rig.hart().pc() != 0x4000_0000) {
                rig.run(1);
            }
            assertThat(rig.memory().i32(LEAF & 0xffff_ffffL) & 0xc0)
                    .as("accessed and dirty")
                    .isZero();
            rig.run(1);
            assertThat(rig.memory().i32(LEAF & 0xffff_ffffL) & 0xc0).isEqualTo(0x40);
        }
        assertThat(alike(asm, 100).x(Asm.A0)).isEqualTo(9);
    }

    @Test
    void everyCountCanBeStoppedAt() {
        Asm asm = new Asm().imm("addi", Asm.T2, 0, 100).label("loop");
        for (int i = 0; i < 20; i++) {
            asm.imm("addi", Asm.A0, Asm.A0, 1);
        }
        asm.imm("addi", Asm.T2, Asm.T2, -1)
                .branch("bne", Asm.T2, 0, "loop")
                .label("end")
                .j("end");
        int[] code = asm.code();
        for (int stop = 0; stop < 100; stop++) {
            try (Rig rig = translator(code)) {
                assertThat(rig.run(stop)).isEqualTo(Stop.REACHED);
                assertThat(rig.machine().icount()).isEqualTo(stop);
                rig.run(99 - stop);
                assertThat(rig.machine().icount()).isEqualTo(99);
                assertThat(rig.x(Asm.A0)).isEqualTo(90);
            }
        }
    }

    @Test
    void countersAndTimeAreExactInTheMiddleOfABlock() {
        Asm exact = new Asm().imm("addi", Asm.A0, 0, 0).csr("csrrs", Asm.A1, Csr.MINSTRET, 0);
        exact.imm("addi", Asm.A0, 0, 0).li(Asm.T0, Rig.CLINT + 0xbff8).imm("addi", Asm.A0, 0, 0);
        exact.imm("lw", Asm.A2, Asm.T0, 0)
                .csr("csrrs", Asm.A3, Csr.TIME, 0)
                .label("end")
                .j("end");
        try (Rig rig = translator(exact.code())) {
            rig.rate(1L << 32);
            rig.run(50);
            assertThat(rig.x(Asm.A1)).isEqualTo(1);
            assertThat(rig.x(Asm.A2)).isEqualTo(6);
            assertThat(rig.x(Asm.A3)).isEqualTo(7);
        }
        alike(exact, 50);
    }

    /** Sets up Sv32 so that 0x40000000 leads to 0x80005000, and goes on in S-mode. */
    private static Asm paged() {
        Asm asm = new Asm();
        asm.csrSet(Csr.PMPADDR0, -1).csrSet(Csr.PMPCFG0, 0x1f);
        asm.li(Asm.T1, LEAF).li(Asm.T0, entry(0x8000_5000)).store("sw", Asm.T0, 0, Asm.T1);
        asm.li(Asm.T1, ROOT).li(Asm.T0, (LEAF >>> 12) << 10 | 1).store("sw", Asm.T0, 0x400, Asm.T1);
        // The program's own four megabytes are one superpage.
        asm.imm("addi", Asm.T2, 0, 0x400).imm("addi", Asm.T2, Asm.T2, 0x400).reg("add", Asm.T1, Asm.T1, Asm.T2);
        asm.li(Asm.T0, entry(0x8000_0000) | 0xc0).store("sw", Asm.T0, 0, Asm.T1);
        asm.csrSet(Csr.SATP, 1 << 31 | ROOT >>> 12);
        asm.la(Asm.T0, "supervisor").csr("csrrw", 0, Csr.MEPC, Asm.T0);
        asm.csrSet(Csr.MSTATUS, 1 << 11).plain("mret").label("supervisor");
        return asm;
    }

    private static int entry(int physical) {
        return physical >>> 12 << 10 | ALL_RIGHTS;
    }

    /** Runs on all executors; gives a rig that has come to the end. */
    private static Rig alike(Asm asm, int count) {
        int[] code = asm.code();
        alike(code, count, () -> Rig.with(Rig.Kind.BLOCK, code)).close();
        return alike(code, count, () -> translator(code));
    }

    /** Translates at once, so that short programs are machine code too. */
    private static Rig translator(int[] code) {
        Rig rig = new Rig(new Translator.Options(1 << 20, 0, 8), 1, 16 << 20);
        rig.load(code);
        return rig;
    }

    /** Runs on the reference and on another executor, there once in single counts and once in one go; gives the latter's rig. */
    private static Rig alike(int[] code, int count, Supplier<Rig> other) {
        Rig block = other.get();
        try (Rig step = Rig.with(Rig.Kind.STEP, code);
                Rig single = other.get()) {
            step.rate(1L << 32);
            single.rate(1L << 32);
            block.rate(1L << 32);
            for (int i = 0; i < count; i++) {
                step.run(1);
                single.run(1);
                assertThat(single.stateWithoutMemory()).as("after %d", i + 1).isEqualTo(step.stateWithoutMemory());
            }
            block.run(count);
            assertThat(block.machine().save()).isEqualTo(step.machine().save());
        }
        return block;
    }
}
