package hartbeat.devices.host.entropy;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EntropyBackendTest {
    @Test
    void answersEachRequestOnceWithAsManyBytesAsAsked() {
        List<Input> sink = new ArrayList<>();
        EntropyBackend entropy = new EntropyBackend(sink::add);
        Set<String> seen = new HashSet<>();
        for (int i = 1; i <= 50; i++) {
            assertThat(entropy.offer(new Output.EntropyRequest(2, i, 16))).isTrue();
        }
        for (int i = 0; i < 50; i++) {
            Input.Entropy answer = (Input.Entropy) sink.get(i);
            assertThat(answer.request()).isEqualTo(i + 1);
            assertThat(answer.bytes()).hasSize(16);
            seen.add(java.util.HexFormat.of().formatHex(answer.bytes()));
        }
        assertThat(sink).hasSize(50);
        assertThat(seen).hasSize(50);
    }

    @Test
    void keepsAnswersUntilTheSinkHasRoom() {
        List<Input> sink = new ArrayList<>();
        boolean[] room = {false};
        EntropyBackend entropy = new EntropyBackend(bytes -> {}, input -> room[0] && sink.add(input));
        entropy.offer(new Output.EntropyRequest(2, 1, 4));
        entropy.offer(new Output.EntropyRequest(2, 2, 4));
        entropy.poll();
        assertThat(sink).isEmpty();
        room[0] = true;
        entropy.poll();
        entropy.poll();
        assertThat(sink).extracting(input -> ((Input.Entropy) input).request()).containsExactly(1L, 2L);
    }
}
