package hartbeat.ft.channel;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.io.DiskStatus;
import hartbeat.ft.run.DiskMode;
import org.junit.jupiter.api.Test;

/** The order of these is the code of each in logs and messages: who changes it changes the format, and must raise its version. */
final class WireCodesTest {
    @Test
    void orderOfWhatTravelsAsANumberIsFixed() {
        assertThat(Side.values()).containsExactly(Side.PRIMARY, Side.BACKUP);
        assertThat(DiskMode.values()).containsExactly(DiskMode.REPLICATED, DiskMode.SHARED);
        assertThat(DiskStatus.values()).containsExactly(DiskStatus.OK, DiskStatus.IO_ERROR);
    }
}
