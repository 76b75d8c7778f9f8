package hartbeat.emulator.executor.translator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hartbeat.emulator.executor.Executor;
import hartbeat.emulator.executor.interpreter.BlockInterpreter;
import hartbeat.emulator.machine.RunState;
import hartbeat.emulator.memory.GuestMemory;
import hartbeat.emulator.memory.HostMemory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Memory for code, and what happens where the host gives none. */
class CodeMemoryTest {
    private static final int SIZE = 1 << 20;

    /** More than any host has room for, as the size of a file. */
    private static final int REFUSED = -4096;

    @Test
    void whatIsWrittenInOneViewStandsInTheOther() throws Exception {
        CodeMemory memory = CodeMemory.map(SIZE);
        HostMemory.i64(memory.writable() + SIZE - 8, 0x1234_5678_9abc_def0L);
        assertThat(HostMemory.i64(memory.executable() + SIZE - 8)).isEqualTo(0x1234_5678_9abc_def0L);
        memory.close();
    }

    @Test
    void noPageIsWritableAndExecutable() throws Exception {
        CodeMemory memory = CodeMemory.map(SIZE);
        assertThat(rights(memory.writable())).isEqualTo("rw-s");
        assertThat(rights(memory.executable())).isEqualTo("r-xs");
        memory.close();
        assertThat(rights(memory.executable())).isEmpty();
        assertThat(rights(memory.writable())).isEmpty();
    }

    @Test
    void itIsGivenBackWhenTheMachineIsClosed() throws Exception {
        GuestMemory memory = new GuestMemory(1 << 20);
        long before = codeMappings();
        Translator.create(new RunState(), memory, Translator.Options.USUAL);
        assertThat(codeMappings()).isEqualTo(before + 2);
        memory.close();
        assertThat(codeMappings()).isEqualTo(before);
    }

    @Test
    void aHostThatRefusesGetsTheInterpreterAndOneLine() throws Exception {
        assertThatThrownBy(() -> CodeMemory.map(REFUSED)).isInstanceOf(CodeMemory.RefusedException.class);
        List<String> lines = new ArrayList<>();
        try (GuestMemory memory = new GuestMemory(1 << 20)) {
            Executor executor =
                    ExecutorKind.translator(new RunState(), memory, new Translator.Options(REFUSED, 0, 1), lines::add);
            assertThat(executor).isInstanceOf(BlockInterpreter.class);
        }
        assertThat(lines)
                .singleElement()
                .asString()
                .contains("the interpreter runs this machine")
                .contains("refuses");
    }

    /** Rights of the mapping that begins at an address, as /proc shows them; empty if there is none. */
    private static String rights(long address) throws IOException {
        String begin = Long.toHexString(address) + "-";
        return mappings().stream()
                .filter(line -> line.startsWith(begin) || line.matches("0*" + begin + ".*"))
                .map(line -> line.split(" ", 3)[1])
                .findFirst()
                .orElse("");
    }

    private static long codeMappings() throws IOException {
        return mappings().stream()
                .filter(line -> line.contains("hartbeat-code"))
                .count();
    }

    private static List<String> mappings() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/maps"));
    }
}
