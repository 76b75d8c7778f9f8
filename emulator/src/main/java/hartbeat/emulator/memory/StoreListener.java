package hartbeat.emulator.memory;

/** Told after a store to a watched range, before the next instruction. */
@FunctionalInterface
public interface StoreListener {
    void stored(long address, int length);
}
