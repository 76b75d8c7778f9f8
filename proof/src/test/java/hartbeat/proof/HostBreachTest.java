package hartbeat.proof;

import static hartbeat.proof.Breach.PRIMARY;
import static hartbeat.proof.Breach.SEED;
import static hartbeat.proof.Breach.killed;
import static hartbeat.proof.Breach.only;
import static hartbeat.proof.Breach.quiet;
import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.emulator.io.DiskOperation;
import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.machine.Machine;
import hartbeat.ft.run.DiskMode;
import hartbeat.ft.run.Guest;
import hartbeat.ft.run.HostPort;
import hartbeat.ft.run.PassingGuest;
import hartbeat.proof.fault.Situation;
import hartbeat.proof.world.Composition;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Deliberate faults in what a host does with inputs, outputs and disks, one at a time: the checks must find each of them. */
final class HostBreachTest {
    private static final String SERVICE = "service";

    /** Kept, so that the setting stays. */
    private static final Logger LAN_LOG = Logger.getLogger("hartbeat.lan");

    @BeforeAll
    static void garbageOnPurposeIsNoNews() {
        LAN_LOG.setLevel(Level.OFF);
    }

    /** The host side of every process, or of the primary alone, is replaced. */
    private static Composition host(boolean primaryAlone, UnaryOperator<HostPort> by) {
        return new Composition() {
            @Override
            public HostPort host(int process, HostPort host) {
                return primaryAlone && process != PRIMARY ? host : by.apply(host);
            }
        };
    }

    /** Every process's disk is asked for something else. */
    private static Composition disk(boolean primaryAlone, UnaryOperator<Output.DiskRequest> by) {
        return host(primaryAlone, inner -> new PassingHost(inner) {
            @Override
            public void request(long generation, Output.FromDevice request) {
                super.request(generation, request instanceof Output.DiskRequest disk ? by.apply(disk) : request);
            }
        });
    }

    /** The keeper is told that an input is safe when it was taken, not when the backup has it. */
    @Test
    void inputThatIsForgottenTooEarlyIsFound() {
        Composition rash = host(true, inner -> new PassingHost(inner) {
            @Override
            public @Nullable Input poll(Predicate<Input> admissible) {
                Input input = super.poll(admissible);
                switch (input) {
                    case Input.FrameReceived frame -> logged(frame.device(), frame.ticket());
                    case Input.ConsoleInput console -> logged(console.device(), console.ticket());
                    case null, default -> {}
                }
                return input;
            }
        });
        assertThat(killed(rash, DiskMode.REPLICATED))
                .anyMatch(line -> line.contains("an input was forgotten or came twice"));
    }

    @Test
    void outputThatIsAlteredOnItsWayIsFound() {
        Composition altering = frames(false, (sent, number) -> number % 4 == 0 ? altered(sent) : sent);
        for (Situation situation : new Situation[] {Situation.RUN, Situation.SWITCH}) {
            assertThat(only(altering, quiet("net-echo", situation)))
                    .as(situation.name())
                    .anyMatch(line -> line.contains("no machine has made"));
        }
    }

    /** Frames leave as something else, by their number. */
    private static Composition frames(boolean both, BiFunction<Output.FrameSent, Long, Output> change) {
        return host(both, inner -> new PassingHost(inner) {
            @Override
            public void send(long generation, Emission emission) {
                Output output = emission.output() instanceof Output.FrameSent sent
                        ? change.apply(sent, emission.number())
                        : emission.output();
                super.send(generation, new Emission(emission.number(), emission.icount(), output));
            }
        });
    }

    private static Output.FrameSent altered(Output.FrameSent sent) {
        byte[] frame = sent.frame().clone();
        frame[frame.length - 1] ^= 1;
        return new Output.FrameSent(sent.device(), frame);
    }

    @Test
    void outputThatIsLostIsFound() {
        Composition losing = host(false, inner -> new PassingHost(inner) {
            private static final int LAST = 5;

            @Override
            public void send(long generation, Emission emission) {
                if (emission.number() <= LAST || emission.output() instanceof Output.PowerOff) {
                    super.send(generation, emission);
                }
            }
        });
        assertThat(only(losing, quiet("timer", Situation.RUN))).anyMatch(line -> line.contains("never came out"));
    }

    /** Both machines make it, so neither can tell. */
    @Test
    void outputThatIsNoneOfAMachinesIsFound() {
        Composition inventive = new Composition() {
            @Override
            public Guest guest(int process, Guest guest, Machine machine) {
                return new PassingGuest(guest) {
                    @Override
                    public @Nullable Emission pollOutput() {
                        Emission emission = super.pollOutput();
                        return emission != null && emission.output() instanceof Output.ConsoleOutput console
                                ? new Emission(
                                        emission.number(),
                                        emission.icount(),
                                        new Output.ConsoleOutput(console.device(), upper(console.bytes())))
                                : emission;
                    }
                };
            }
        };
        assertThat(only(inventive, quiet("timer", Situation.RUN)))
                .anyMatch(line -> line.contains("a single machine makes"));
    }

    private static byte[] upper(byte[] text) {
        byte[] other = text.clone();
        for (int i = 0; i < other.length; i++) {
            other[i] = (byte) Character.toUpperCase(other[i]);
        }
        return other;
    }

    /** Bytes of a record that its reader does not look at. */
    @Test
    void writeThatIsAlteredIsFound() {
        assertThat(only(disk(false, HostBreachTest::altered), quiet(SERVICE, Situation.RUN)))
                .anyMatch(line -> line.contains("not what its history of requests makes of it"));
        List<String> found = new ArrayList<>();
        for (long seed = SEED; seed < SEED + 5; seed++) {
            // Where the record is read again, the checksum of what was read tells the two copies apart first.
            found.addAll(only(
                    disk(true, HostBreachTest::altered),
                    Scenario.struck(seed, Breach.SERVICE, DiskMode.REPLICATED, null)));
        }
        assertThat(found).anyMatch(line -> line.contains("both have ended, and the disks"));
    }

    private static Output.DiskRequest altered(Output.DiskRequest request) {
        if (request.operation() != DiskOperation.WRITE) {
            return request;
        }
        byte[] data = request.data().clone();
        data[data.length - 1] ^= 1;
        return new Output.DiskRequest(
                request.device(), request.request(), request.operation(), request.sector(), request.sectors(), data);
    }

    /** Done in the host's cache is not done. */
    @Test
    void flushThatIsNotCarriedOutIsFound() {
        Composition hasty = disk(
                false,
                request -> request.operation() == DiskOperation.FLUSH
                        ? new Output.DiskRequest(
                                request.device(), request.request(), DiskOperation.DISCARD, 0, 0, request.data())
                        : request);
        assertThat(only(hasty, quiet(SERVICE, Situation.RUN)))
                .anyMatch(line -> line.contains("expected=the flushed record"));
    }

    @Test
    void exceptionThatEscapesIsFound() {
        Composition throwing = new Composition() {
            @Override
            public Guest guest(int process, Guest guest, Machine machine) {
                return new PassingGuest(guest) {
                    @Override
                    public void apply(Input input) {
                        if (input instanceof Input.FrameReceived) {
                            throw new IllegalStateException("on purpose");
                        }
                        super.apply(input);
                    }
                };
            }
        };
        assertThat(only(throwing, quiet(SERVICE, Situation.RUN))).anyMatch(line -> line.contains("escaped exception"));
    }

    /** A frame without a byte is none, which the link's messages do not have. */
    @Test
    void garbageOnTheWireIsFound() {
        Composition garbling = frames(true, (sent, _) -> new Output.FrameSent(sent.device(), new byte[0]));
        assertThat(only(garbling, quiet("net-echo", Situation.RUN)))
                .anyMatch(line -> line.contains("refused by the switch"));
    }
}
