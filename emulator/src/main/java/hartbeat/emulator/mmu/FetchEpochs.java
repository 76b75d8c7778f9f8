package hartbeat.emulator.mmu;

/**
 * Names for fetch translations: as long as the epoch is the same number, the same virtual pc leads to the same physical page and
 * may be fetched. An address space that comes back unchanged gets its old number back, so that what was linked stays linked.
 */
final class FetchEpochs {
    private static final int REMEMBERED = 16;
    private static final int HART_SHIFT = 48;

    private final int[] satps = new int[REMEMBERED];
    private final long[] numbers = new long[3 * REMEMBERED];
    private final long first;
    private long next;
    private int victim;
    private int filled;

    FetchEpochs(int hart) {
        first = ((long) hart + 1) << HART_SHIFT;
        next = first;
    }

    /** The epoch for this address space and privilege. */
    long of(int satp, int privilege) {
        int bank = privilege == Privilege.MACHINE ? 2 : privilege;
        int key = privilege == Privilege.MACHINE ? 0 : satp;
        for (int i = 0; i < filled; i++) {
            if (satps[i] == key) {
                return numbers[3 * i + bank];
            }
        }
        int slot = filled < REMEMBERED ? filled++ : victim++ % REMEMBERED;
        satps[slot] = key;
        for (int i = 0; i < 3; i++) {
            numbers[3 * slot + i] = next++;
        }
        return numbers[3 * slot + bank];
    }

    /** Every translation is in doubt. */
    void forget() {
        filled = 0;
        victim = 0;
    }
}
