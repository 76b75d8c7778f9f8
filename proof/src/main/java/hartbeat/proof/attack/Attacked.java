package hartbeat.proof.attack;

import hartbeat.devices.board.BoardConfig.Transport;
import hartbeat.emulator.bus.MmioDevice;
import hartbeat.emulator.executor.translator.ExecutorKind;
import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import hartbeat.emulator.machine.Machine;
import hartbeat.emulator.machine.MachineDigest;
import hartbeat.emulator.machine.Stop;
import hartbeat.emulator.memory.GuestMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A machine whose devices are driven from outside; every store that is not the driver's own is checked. */
final class Attacked implements AutoCloseable {
    private static final int STATUS = 0x070;
    private static final int CONFIG = 0x100;
    /** Nothing acts but what the clock wakes. */
    private static final int NOBODY = -1;

    private final AttackBoard board;
    private final Machine machine;
    private final byte[] first;
    private final Grants grants;
    private final Requests requests = new Requests();
    private final long htifPage;
    private int acting = NOBODY;
    private long ownAddress;
    private int ownLength;
    /** Memory is loaded, by a power-on or by who puts the machine back. */
    private boolean loading;

    private boolean ended;
    private long steps;

    Attacked(Transport transport, ExecutorKind kind) {
        this(transport, kind, AttackBoard.QUEUES);
    }

    /** @param queues greatest sizes of the queues whose buffers are granted to their devices */
    Attacked(Transport transport, ExecutorKind kind, int[][] queues) {
        board = new AttackBoard(transport, "");
        machine = board.build(kind);
        first = machine.save();
        grants = new Grants(machine.memory(), board.modern(), queues);
        htifPage = board.htifPage();
        machine.memory().watch(GuestMemory.BASE, Arena.MEMORY_BYTES, this::stored);
    }

    AttackBoard board() {
        return board;
    }

    /** Puts the machine back to its first instruction. */
    void begin() {
        restore(first);
        grants.reset();
        requests.clear();
        acting = NOBODY;
        ended = false;
        steps = 0;
    }

    /** The guest's machine is off: there is nothing more to attack. */
    boolean ended() {
        return ended;
    }

    /** Steps since the beginning. */
    long steps() {
        return steps;
    }

    /** A hash of everything that came out. */
    long outputs() {
        return requests.hash();
    }

    /** How much came out of each kind since the beginning. */
    Map<String, Integer> made() {
        return requests.made();
    }

    MachineDigest digest() {
        return machine.digest();
    }

    /** @throws Violation if the machine did what it must not */
    void step(Step step) {
        steps++;
        requests.begin();
        try {
            take(step);
        } catch (Violation violation) {
            throw violation;
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError escaped) {
            throw new Violation("escaped: " + escaped, escaped);
        } finally {
            ownLength = 0;
            acting = NOBODY;
            loading = false;
        }
    }

    private void take(Step step) {
        switch (step) {
            case Step.Store store -> store(store);
            case Step.Load load -> load(load);
            case Step.Poke poke -> {
                ownAddress = poke.address();
                ownLength = poke.bytes().length;
                machine.memory().write(poke.address(), poke.bytes(), 0, poke.bytes().length);
            }
            case Step.Answer answer -> {
                Input input = requests.answer(answer.device(), answer.how());
                if (input != null) {
                    apply(answer.device(), input);
                }
            }
            case Step.Host host ->
                apply(host.input() instanceof Input.ToDevice toDevice ? toDevice.device() : NOBODY, host.input());
            case Step.Run run -> run(machine.icount() + run.instructions());
            case Step.Snapshot _ -> snapshot();
        }
        drain();
    }

    private void store(Step.Store store) {
        MmioDevice device = device(store.device());
        int slot = store.device() - board.slots();
        if (slot >= 0 && slot < AttackBoard.QUEUES.length && store.width() == 4 && store.offset() < CONFIG) {
            grants.store(slot, store.offset(), store.value(), device.load(STATUS, 4));
        }
        acting = slot;
        device.store(store.offset(), store.width(), store.value());
    }

    private void load(Step.Load load) {
        acting = load.device() - board.slots();
        int value = device(load.device()).load(load.offset(), load.width());
        if (load.width() < 4 && value >>> 8 * load.width() != 0) {
            throw new Violation("%s gave 0x%x, wider than asked".formatted(load, value));
        }
    }

    private MmioDevice device(int index) {
        return (MmioDevice) machine.devices().get(index);
    }

    private void apply(int device, Input input) {
        int slot = device - board.slots();
        if (slot >= 0 && slot < AttackBoard.QUEUES.length) {
            grants.look(slot);
            acting = slot;
        }
        machine.apply(input);
    }

    private void run(long limit) {
        Stop stop;
        do {
            stop = machine.runUntil(limit);
            drain();
        } while (stop == Stop.OUTPUT && !ended);
    }

    /** Takes what came out; after a reset the memory is loaded anew before the next instruction. */
    private void drain() {
        for (Emission one = machine.pollOutput(); one != null; one = machine.pollOutput()) {
            requests.take(one);
            ended |= one.output() instanceof Output.PowerOff;
            if (one.output() instanceof Output.Reset && !ended) {
                loading = true;
                grants.reset();
            }
        }
        if (loading && !ended) {
            machine.runUntil(machine.icount());
            loading = false;
            drain();
        }
    }

    private void snapshot() {
        drain();
        if (ended) {
            return;
        }
        byte[] state = machine.save();
        List<Output> outstanding = outstanding();
        MachineDigest before = machine.digest();
        byte[] digested = machine.save();
        restore(state);
        MachineDigest after = machine.digest();
        if (!before.equals(after)) {
            throw new Violation("restored: expected=%s, actual=%s".formatted(before, after));
        }
        if (!Arrays.equals(digested, machine.save())) {
            throw new Violation("a restored state saves otherwise");
        }
        if (outstanding.size() != outstanding().size()) {
            throw new Violation("restored: expected=%d requests outstanding, actual=%d"
                    .formatted(outstanding.size(), outstanding().size()));
        }
    }

    private List<Output> outstanding() {
        List<Output> all = new ArrayList<>();
        machine.devices().forEach(device -> all.addAll(device.outstanding()));
        return all;
    }

    private void restore(byte[] state) {
        loading = true;
        machine.restore(state);
        loading = false;
    }

    private void stored(long address, int length) {
        boolean own = ownLength > 0 && address >= ownAddress && address + length <= ownAddress + ownLength;
        boolean htif = address < htifPage + GuestMemory.PAGE_SIZE && address + length > htifPage;
        // The hart that goes on has its stack within the guest's image, before HTIF's page.
        boolean hart = acting == NOBODY && address + length <= htifPage;
        if (own || htif || hart || loading || answersHtif(address, length)) {
            return;
        }
        if (acting < 0 || acting >= AttackBoard.QUEUES.length || !grants.allows(acting, address, length)) {
            throw new Violation("0x%x, %d bytes, were written by %s; no descriptor named them"
                    .formatted(
                            address,
                            length,
                            acting < 0
                                    ? "nobody who may"
                                    : device(board.slots() + acting).name()));
        }
    }

    /** A system call through HTIF has its result where its number was. */
    private boolean answersHtif(long address, int length) {
        long call = machine.memory().i64(htifPage) & 0xffff_ffff_ffffL;
        return address == call && length == 8;
    }

    @Override
    public void close() {
        machine.memory().close();
    }
}
