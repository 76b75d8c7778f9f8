package hartbeat.bench.jmh;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A machine whose guest does nothing but the events of one class of cost. */
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init")
public abstract class GuestClass {
    private final String name;
    private BareMachine machine;

    /** @param name of the class in {@code guest-images/bench/classes.S} */
    protected GuestClass(String name) {
        this.name = name;
    }

    /** Starts the guest. */
    @Setup(Level.Trial)
    public void start(Executors.Choice choice) {
        machine = BareMachine.of("class-" + name, choice.executor);
    }

    /** Ends it. */
    @TearDown(Level.Trial)
    public void end() {
        machine.close();
    }

    /** Runs a lap. */
    long lap() {
        return machine.lap();
    }
}
