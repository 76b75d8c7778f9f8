package hartbeat.emulator.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever was put and taken out before: no entry is left that was taken out, in either way of a place. */
class AccessTableTest {
    private static final int TABLES = 2;

    /** Not the first, so that its elements do not begin at 0. */
    private static final int BEGIN = AccessTable.LENGTH;

    private final long[] entries = new long[TABLES * AccessTable.LENGTH];
    private final Map<Integer, Long> loads = new HashMap<>();
    private final Map<Integer, Long> stores = new HashMap<>();

    @Test
    void nothingIsLeftThatWasTakenOut() {
        long seed = Long.getLong("hartbeat.seed", 5);
        Random random = new Random(seed);
        AccessTable table = new AccessTable(entries, BEGIN);
        for (int step = 0; step < 1_500; step++) {
            // In bursts, so that sometimes more is put than is remembered one by one.
            int puts = random.nextInt(40) == 0 ? 700 : random.nextInt(4);
            for (int i = 0; i < puts; i++) {
                put(random, table);
            }
            takeOut(random, table);
            check("step %d; -Dhartbeat.seed=%d".formatted(step, seed));
        }
    }

    private void put(Random random, AccessTable table) {
        int page = page(random);
        long host = (random.nextInt(4) == 0 ? 0x7000_0000_0000L : 0x7f00_0000_0000L) + (random.nextInt(16) << 12);
        // A page is put again with another host page only after it was taken out.
        if (random.nextBoolean()) {
            table.putLoad(page | random.nextInt(4096), loads.computeIfAbsent(page, _ -> host));
        } else {
            table.putStore(page | random.nextInt(4096), stores.computeIfAbsent(page, _ -> host));
        }
    }

    /** Pages that share places: now few, now many. */
    private static int page(Random random) {
        return random.nextInt(random.nextBoolean() ? 8 : AccessTable.PAGES) << 12 | random.nextInt(4) << 30;
    }

    private void takeOut(Random random, AccessTable table) {
        switch (random.nextInt(12)) {
            case 0 -> {
                table.clear();
                loads.clear();
                stores.clear();
            }
            case 1 -> {
                table.clearStores();
                stores.clear();
            }
            case 2, 3 -> {
                long host = stores.isEmpty() ? 0 : stores.values().iterator().next();
                table.removeStores(host);
                stores.values().removeIf(value -> value == host);
            }
            case 4, 5, 6 -> {
                // What an entry's place in a page table of the last level says: a page modulo 1024.
                int page = page(random) & 0x3f_ffff;
                table.remove(page);
                loads.keySet().removeIf(other -> (other & 0x3f_ffff) == page);
                stores.keySet().removeIf(other -> (other & 0x3f_ffff) == page);
            }
            default -> {}
        }
    }

    private void check(String about) {
        for (int i = 0; i < AccessTable.OFFSET; i += 2) {
            if (entries[BEGIN + i] != AccessTable.EMPTY) {
                check(i, about);
            }
        }
    }

    private void check(int index, String about) {
        long entry = entries[BEGIN + index];
        long added = entries[BEGIN + index + 1];
        int page = (int) entry;
        Map<Integer, Long> put = (index & AccessTable.STORES) == 0 ? loads : stores;
        Long host = put.get(page);
        boolean inPlace =
                (page >>> AccessTable.INDEX_SHIFT & AccessTable.INDEX_MASK) == (index & AccessTable.INDEX_MASK);
        boolean inOnePiece = (int) (entry >>> 32) == page;
        boolean sound = inPlace
                && host != null
                && host == added + (page & 0xffff_ffffL)
                && (!inOnePiece || added == entries[BEGIN + AccessTable.OFFSET]);
        assertThat(sound)
                .as("element %d is 0x%x, 0x%x, %s: %s", index, entry, added, put, about)
                .isTrue();
    }
}
