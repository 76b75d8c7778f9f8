package hartbeat.emulator.io;

/** Where device front-ends put their outputs; the machine numbers them and stops at the next instruction boundary. */
@FunctionalInterface
public interface Outbox {
    void emit(Output output);
}
