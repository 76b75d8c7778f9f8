package hartbeat.emulator.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The rules of Priv. 3.7, one by one. */
class PmpTest {
    private static final int R = 1;
    private static final int W = 2;
    private static final int X = 4;
    private static final int TOR = 1 << 3;
    private static final int NA4 = 2 << 3;
    private static final int NAPOT = 3 << 3;
    private static final int LOCKED = 0x80;
    private static final long RAM = 0x8000_0000L;

    private final Pmp pmp = new Pmp();

    private void entry(int number, int config, long address) {
        pmp.writeAddress(number, (int) (address >>> 2));
        int shift = 8 * (number & 3);
        pmp.writeConfig(number >> 2, (pmp.config(number >> 2) & ~(0xff << shift)) | config << shift);
    }

    private boolean loads(long address, int length, int privilege) {
        return pmp.allows(address, length, Access.LOAD, privilege);
    }

    @Test
    void whatMatchesNoEntryIsForMachineModeOnly() {
        assertThat(loads(RAM, 4, Privilege.MACHINE)).isTrue();
        assertThat(loads(RAM, 4, Privilege.SUPERVISOR)).isFalse();
        assertThat(loads(RAM, 4, Privilege.USER)).isFalse();
    }

    @Test
    void reservedBitsAreZeroAndWriteWithoutReadIsNoAccess() {
        pmp.writeConfig(0, 0x6000_0000 | NA4 << 16 | (NA4 | W | X) << 8 | (TOR | W));
        assertThat(pmp.config(0)).isEqualTo(NA4 << 16 | NA4 << 8 | TOR);
    }

    @Test
    void theLowestEntryThatMatchesAnyByteDecides() {
        entry(0, NA4, RAM + 4);
        entry(1, NAPOT | R | W, RAM | 0x1f << 2);
        assertThat(loads(RAM, 4, Privilege.USER)).isTrue();
        assertThat(loads(RAM + 4, 1, Privilege.USER)).isFalse();
        assertThat(loads(RAM + 255, 1, Privilege.USER)).isTrue();
        assertThat(loads(RAM + 256, 1, Privilege.USER)).isFalse();
        assertThat(pmp.allows(RAM, 4, Access.FETCH, Privilege.USER)).isFalse();
    }

    @Test
    void halfAMatchFailsInEveryMode() {
        entry(0, NA4 | R, RAM + 4);
        entry(1, NAPOT | R, (1L << 34) - 1);
        assertThat(loads(RAM + 2, 4, Privilege.USER)).isFalse();
        assertThat(loads(RAM + 2, 4, Privilege.MACHINE)).isFalse();
        assertThat(loads(RAM + 6, 4, Privilege.MACHINE)).isFalse();
        assertThat(loads(RAM + 2, 2, Privilege.MACHINE)).isTrue();
        assertThat(loads(RAM + 4, 4, Privilege.MACHINE)).isTrue();
    }

    @Test
    void aTopNotAboveItsBottomMatchesNothing() {
        entry(0, 0, RAM + 8);
        entry(1, TOR, RAM + 8);
        entry(2, TOR, RAM + 4);
        entry(3, NAPOT | R, (1L << 34) - 1);
        for (long address = RAM; address < RAM + 16; address++) {
            assertThat(loads(address, 4, Privilege.USER)).as("0x%x", address).isTrue();
        }
        assertThat(pmp.allowsPage(RAM, Access.LOAD, Privilege.USER)).isTrue();
    }

    @Test
    void theFirstTopReachesDownToZero() {
        entry(0, TOR | R, RAM + 4);
        assertThat(loads(0, 4, Privilege.USER)).isTrue();
        assertThat(loads(RAM, 4, Privilege.USER)).isTrue();
        assertThat(loads(RAM + 4, 4, Privilege.USER)).isFalse();
    }

    @Test
    void aLockedEntryBindsMachineModeAndKeepsItsRegisters() {
        entry(0, NA4 | LOCKED, RAM);
        assertThat(loads(RAM, 4, Privilege.MACHINE)).isFalse();
        entry(0, NA4 | R, RAM + 4);
        assertThat(pmp.config(0)).isEqualTo(NA4 | LOCKED);
        assertThat(pmp.address(0)).isEqualTo((int) (RAM >>> 2));
    }

    @Test
    void aLockedTopLocksTheAddressBelow() {
        entry(0, NA4, RAM);
        entry(1, TOR | R | LOCKED, RAM + 64);
        pmp.writeAddress(0, 0x1234);
        assertThat(pmp.address(0)).isEqualTo((int) (RAM >>> 2));
        // The configuration below is free all the same.
        pmp.writeConfig(0, R);
        assertThat(pmp.config(0) & 0xff).isEqualTo(R);
        pmp.writeConfig(0, NA4 | X);
        assertThat(pmp.config(0) & 0xff).isEqualTo(NA4 | X);
    }

    @Test
    void anEntryMayBeLockedOff() {
        entry(0, LOCKED, RAM);
        pmp.writeAddress(0, 0);
        assertThat(pmp.address(0)).isEqualTo((int) (RAM >>> 2));
        assertThat(loads(RAM, 4, Privilege.MACHINE)).isTrue();
    }

    @Test
    void aPageIsAllowedWhenEveryWordOfItIs() {
        entry(0, NA4 | R | W | X, RAM + 16);
        entry(1, NAPOT | R | W | X, (1L << 34) - 1);
        assertThat(pmp.allowsPage(RAM, Access.LOAD, Privilege.USER)).isFalse();
        assertThat(pmp.allowsPage(RAM + 4096, Access.LOAD, Privilege.USER)).isTrue();
        assertThat(pmp.allowsPage(RAM, Access.LOAD, Privilege.MACHINE)).isTrue();
    }
}
