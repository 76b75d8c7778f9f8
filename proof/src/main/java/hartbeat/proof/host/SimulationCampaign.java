package hartbeat.proof.host;

import hartbeat.ft.run.DiskMode;
import hartbeat.proof.Scenario;
import hartbeat.proof.Simulation.Result;
import hartbeat.proof.Work;
import hartbeat.proof.campaign.Budget;
import hartbeat.proof.campaign.Campaign;
import hartbeat.proof.campaign.Finding;
import hartbeat.proof.campaign.Tried;
import hartbeat.proof.fault.Situation;
import hartbeat.proof.guest.GuestCase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;

/** Simulations of all guests and disk modes, from one seed after the other. */
public final class SimulationCampaign implements Campaign {
    private final String name;
    private final String unit;
    private final long floorPerHour;
    private final Rounds rounds;

    private SimulationCampaign(String name, String unit, long floorPerHour, Rounds rounds) {
        this.name = name;
        this.unit = unit;
        this.floorPerHour = floorPerHour;
        this.rounds = rounds;
    }

    /** Histories of drawn faults. */
    public static Campaign histories() {
        return new SimulationCampaign(
                "simulate",
                "fault histories",
                10_000,
                (seed, _) -> everywhere(GuestCase.all(), (guest, mode) -> Work.of(Scenario.faulty(seed, guest, mode))));
    }

    /** Each process struck at each of its crossings. */
    public static Campaign crashPoints() {
        return new SimulationCampaign("crashpoints", "crash points", 1_000_000, (seed, round) -> {
            List<GuestCase> guests = GuestCase.all().stream()
                    .filter(guest -> round % guest.sweptEvery() == 0)
                    .toList();
            return Arrays.stream(Situation.values())
                    .flatMap(situation ->
                            everywhere(guests, (guest, mode) -> Work.sweep(guest, mode, situation, seed)).stream())
                    .toList();
        });
    }

    /** What is done with each seed. */
    private interface Rounds {
        /** @param round how many seeds there were before this one */
        List<Work> of(long seed, long round);
    }

    private interface Kind {
        Work of(GuestCase guest, DiskMode mode);
    }

    private static List<Work> everywhere(List<GuestCase> guests, Kind kind) {
        List<Work> all = new ArrayList<>();
        for (GuestCase guest : guests) {
            for (DiskMode mode : DiskMode.values()) {
                all.add(kind.of(guest, mode));
            }
        }
        return all;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String unit() {
        return unit;
    }

    @Override
    public long floorPerHour() {
        return floorPerHour;
    }

    @Override
    public Tried run(Budget budget, LongConsumer progress) {
        AtomicLong count = new AtomicLong();
        List<Finding> findings = new ArrayList<>();
        Iterator<Work> work = LongStream.iterate(budget.seed(), seed -> seed + 1)
                .mapToObj(seed -> rounds.of(seed, seed - budget.seed()))
                .flatMap(List::stream)
                .iterator();
        long beganNanos = System.nanoTime();
        Workers workers = new Workers(
                work,
                result -> {
                    progress.accept(count.incrementAndGet());
                    note(result, findings);
                },
                () -> budget.spent(System.nanoTime() - beganNanos, count.get()));
        try {
            workers.run(budget.jobs());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new Tried(name, unit, count.get(), findings);
    }

    private static void note(Result result, List<Finding> findings) {
        if (!result.violations().isEmpty()) {
            findings.add(new Finding(
                    String.join("; ", result.violations()), result.scenario().command()));
        }
    }
}
