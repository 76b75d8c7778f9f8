package hartbeat.emulator.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Priv. 3.7.1: the entry with the lowest number that matches any byte decides, and must match all of them. */
class PmpOrderTest {
    private static final int GRANULES = 64;

    private final int[] config = new int[Pmp.ENTRIES];
    private final int[] address = new int[Pmp.ENTRIES];

    /** What was asked before must make no difference: the same answers as from the rule, byte by byte, in any order. */
    @Test
    void answersAreTheRulesWhateverWasAskedBefore() {
        long seed = Long.getLong("hartbeat.seed", 11);
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            Pmp pmp = new Pmp();
            for (int change = 0; change < 3; change++) {
                change(random, pmp);
                for (int i = 0; i < 200; i++) {
                    long physical = random.nextInt(4 * GRANULES);
                    int length = 1 << random.nextInt(6);
                    Access access = Access.values()[random.nextInt(3)];
                    int privilege = new int[] {0, 1, 3}[random.nextInt(3)];
                    assertThat(pmp.allows(physical, length, access, privilege))
                            .as(
                                    "%d bytes at %d, %s by %d; -Dhartbeat.seed=%d",
                                    length, physical, access, privilege, seed)
                            .isEqualTo(rule(physical, length, access, privilege));
                }
            }
        }
    }

    private void change(Random random, Pmp pmp) {
        int entries = 1 + random.nextInt(Pmp.ENTRIES);
        for (int i = 0; i < entries; i++) {
            pmp.writeAddress(i, random.nextInt(GRANULES));
        }
        for (int i = 0; i < 4; i++) {
            // Seldom a lock, or nothing could be changed any more.
            int locks = random.nextInt(8) == 0 ? 0x8080_8080 : 0;
            pmp.writeConfig(i, random.nextInt() & (0x1f1f_1f1f | locks));
        }
        for (int i = 0; i < Pmp.ENTRIES; i++) {
            config[i] = pmp.config(i / 4) >>> 8 * (i % 4) & 0xff;
            address[i] = pmp.address(i);
        }
    }

    private boolean rule(long physical, int length, Access access, int privilege) {
        int first = -1;
        for (int entry = Pmp.ENTRIES - 1; entry >= 0; entry--) {
            for (int i = 0; i < length; i++) {
                first = matches(entry, physical + i) ? entry : first;
            }
        }
        boolean machine = privilege == Privilege.MACHINE;
        if (first < 0) {
            return machine;
        }
        for (int i = 0; i < length; i++) {
            if (!matches(first, physical + i)) {
                return false;
            }
        }
        int right = access == Access.LOAD ? 1 : access == Access.STORE ? 2 : 4;
        return (machine && (config[first] & 0x80) == 0) || (config[first] & right) != 0;
    }

    private boolean matches(int entry, long physical) {
        long granule = physical >> 2;
        return switch (config[entry] >>> 3 & 3) {
            case 0 -> false;
            case 1 -> (entry == 0 || granule >= address[entry - 1]) && granule < address[entry];
            case 2 -> granule == address[entry];
            default -> {
                long ignored = address[entry] ^ (address[entry] + 1L);
                yield (granule | ignored) == (address[entry] | ignored);
            }
        };
    }
}
