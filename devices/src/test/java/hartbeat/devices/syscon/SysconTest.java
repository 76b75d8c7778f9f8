package hartbeat.devices.syscon;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.io.Output;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SysconTest {
    @Test
    void endsOrResets() {
        List<Output> outputs = new ArrayList<>();
        Syscon syscon = new Syscon(outputs::add);
        syscon.store(0, 4, Syscon.PASS);
        syscon.store(0, 4, Syscon.RESET);
        syscon.store(0, 4, 42 << 16 | Syscon.FAIL);
        syscon.store(0, 4, Syscon.FAIL);
        syscon.store(0, 4, 0x1234);
        syscon.store(0, 1, Syscon.PASS);
        assertThat(outputs)
                .containsExactly(
                        new Output.PowerOff(0, "the guest switched itself off"),
                        new Output.Reset(),
                        new Output.PowerOff(42, "the guest reported failure 42"),
                        new Output.PowerOff(1, "the guest reported failure 1"));
        assertThat(syscon.mistakes().total()).isEqualTo(2);
    }
}
