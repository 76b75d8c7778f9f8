package hartbeat.emulator.state;

/** A part of the machine whose whole guest-visible state can be written and read back. */
public interface Stateful {
    /** Name of the part, unique in its machine; divergence reports name it. */
    String name();

    /** Writes everything that can influence the guest's future; caches are not state. */
    void save(StateWriter writer);

    /** Takes over what {@link #save} wrote, in the same order. */
    void restore(StateReader reader);
}
