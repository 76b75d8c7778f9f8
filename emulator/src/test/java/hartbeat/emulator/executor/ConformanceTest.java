package hartbeat.emulator.executor;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.io.Output;
import hartbeat.emulator.isa.CompressedInstruction;
import hartbeat.emulator.isa.CompressedTable;
import hartbeat.emulator.isa.Instruction;
import hartbeat.emulator.isa.InstructionTable;
import hartbeat.emulator.machine.Stop;
import hartbeat.emulator.rig.Rig;
import hartbeat.guest.BareGuest;
import hartbeat.guest.BareGuests;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Each conformance program on each executor. */
class ConformanceTest {
    private static final long ENOUGH = 5_000_000;

    /** 10 MHz of machine time at 20 million instructions per second. */
    private static final long RATE = 1L << 31;

    @TestFactory
    Stream<DynamicTest> programsPass() {
        return BareGuests.isa().stream()
                .flatMap(guest -> Arrays.stream(Rig.Kind.values())
                        .map(kind -> DynamicTest.dynamicTest(guest.name() + " " + kind, () -> passes(guest, kind))));
    }

    @Test
    void everyInstructionHasAProgram() {
        assertThat(programs()).containsAll(instructions());
    }

    /** The list of rules in the documentation and the programs are the same. */
    @Test
    void everyRuleHasAProgramAndEveryProgramARule() throws IOException {
        Path page = Path.of(System.getProperty("hartbeat.root"), "docs", "differential.md");
        String text = Files.readString(page, StandardCharsets.UTF_8);
        String rules = text.substring(text.indexOf("| CSRs and their fields |"));
        Set<String> named = new TreeSet<>();
        // The second cell of a row, and the line behind the last table.
        Pattern.compile("^(?:\\|[^|]*\\||Rules of)(.*)$", Pattern.MULTILINE)
                .matcher(rules)
                .results()
                .flatMap(line ->
                        Pattern.compile("`([^`]+)`").matcher(line.group(1)).results())
                .map(quoted -> quoted.group(1))
                .filter(name -> !name.endsWith("Test"))
                .forEach(named::add);
        Set<String> withoutRule = new TreeSet<>(programs());
        withoutRule.removeAll(instructions());
        withoutRule.removeAll(named);
        assertThat(programs()).as("programs that %s names", page).containsAll(named);
        assertThat(withoutRule)
                .as("programs of no instruction and no rule of %s", page)
                .isEmpty();
    }

    private static Set<String> programs() {
        return BareGuests.isa().stream()
                .map(guest -> guest.name().substring(BareGuests.ISA.length()))
                .collect(Collectors.toSet());
    }

    private static Set<String> instructions() {
        return Stream.concat(
                        InstructionTable.ALL_INSTRUCTIONS.stream().map(Instruction::mnemonic),
                        CompressedTable.ALL.stream().map(CompressedInstruction::mnemonic))
                .collect(Collectors.toSet());
    }

    private static void passes(BareGuest guest, Rig.Kind kind) {
        try (Rig rig = new Rig(kind, 1, 16 << 20)) {
            rig.loadElf(guest.elf());
            rig.rate(RATE);
            rig.skipIdle();
            assertThat(rig.run(ENOUGH))
                    .as(() -> "%s ends; pc=%08x mcause=%x mepc=%x"
                            .formatted(guest.name(), rig.hart().pc(), rig.csr(0x342), rig.csr(0x341)))
                    .isEqualTo(Stop.OFF);
            Output.PowerOff off = rig.machine().powerOff();
            assertThat(off).isNotNull();
            assertThat(off.exitCode())
                    .as("%s: tohost; 1 is a pass, else test number * 2 + 1", guest.name())
                    .isEqualTo(1);
        }
    }
}
