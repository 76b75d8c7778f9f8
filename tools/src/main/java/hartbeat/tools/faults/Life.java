package hartbeat.tools.faults;

import hartbeat.devices.host.HostException;
import hartbeat.devices.host.link.LinkAddress;
import hartbeat.tools.ExitCode;
import hartbeat.tools.process.Member;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** One pair from its start to the guest's power-off, and what befalls it in between. */
final class Life {
    private static final long END_MILLIS = 20_000;
    private static final long STEP_NANOS = 5_000_000;
    private static final String KEY = "x";

    private final Site site;
    private final Guest guest;
    private final Plan plan;
    private final RandomGenerator random;
    private final long suspectMillis;
    private final Path logs;
    private final Consumer<Kind> tried;
    private @Nullable Kind now;
    private int typed;

    /**
     * @param random of all that is drawn beside the plan
     * @param logs empty directory for what the processes say
     * @param tried told of each fault that the pair took as it must
     */
    Life(
            Site site,
            Guest guest,
            Plan plan,
            RandomGenerator random,
            long suspectMillis,
            Path logs,
            Consumer<Kind> tried) {
        this.site = site;
        this.guest = guest;
        this.plan = plan;
        this.random = random;
        this.suspectMillis = suspectMillis;
        this.logs = logs;
        this.tried = tried;
    }

    /** Lives it. @return what was wrong, or null */
    @Nullable
    String run() throws InterruptedException {
        try (Pulse pulse = new Pulse()) {
            site.clean();
            try (Pair pair = new Pair(site, guest, suspectMillis, logs, random);
                    GuestLog console = new GuestLog(site.room(Place.CLIENT), hub())) {
                try {
                    await("the guest's start", guest.bootMillis(), () -> console.contains(guest.ready()));
                    if (plan.failsDisk()) {
                        site.fillDisks(Place.PRIMARY);
                    }
                    try (Load load = guest.load(site, Pair.lanAddress(), random.nextLong())) {
                        befall(pair, console, load, pulse);
                    }
                } catch (Broken | IOException | HostException e) {
                    evidence(pair, console);
                    throw e;
                }
            }
            return null;
        } catch (Broken | IOException | HostException e) {
            String what = e instanceof Broken ? e.getMessage() : e.toString();
            return (now == null ? "" : now.option() + ": ") + what;
        }
    }

    private static LinkAddress hub() {
        return new LinkAddress.Tcp(
                Pair.lanAddress().getHostString(), Pair.lanAddress().getPort());
    }

    private void befall(Pair pair, GuestLog console, Load load, Pulse pulse)
            throws HostException, IOException, InterruptedException, Broken {
        Trial trial = new Trial(site, pair, load, pulse, suspectMillis);
        List<Kind> first = new ArrayList<>(plan.passing());
        if (plan.ending() != null) {
            first.add(plan.ending());
        }
        if (!plan.failsDisk()) {
            trial.awaitProgress();
        }
        for (Kind kind : first) {
            // A side may have been lost to a stall of this host; what takes one of two away has no object then.
            if (trial.single() == null || kind.fitsSingle()) {
                strike(trial, kind, console);
            }
        }
        for (Kind kind : plan.after()) {
            strike(trial, kind, console);
        }
        now = null;
        end(pair, console, load, trial.single());
    }

    private void strike(Trial trial, Kind kind, GuestLog console)
            throws HostException, IOException, InterruptedException, Broken {
        now = kind;
        typed += console.type(KEY) ? 1 : 0;
        trial.strike(kind);
        tried.accept(kind);
    }

    /** The guest switches itself off, and everything is looked at. */
    private void end(Pair pair, GuestLog console, Load load, @Nullable Member single)
            throws IOException, InterruptedException, Broken {
        boolean all = load.finish(END_MILLIS);
        List<String> wrong = new ArrayList<>(load.complaints());
        if (!all) {
            wrong.add("requests that are not answered");
        }
        await("somebody to type for", END_MILLIS, () -> console.type(guest.off()));
        typed += guest.off().length();
        List<Member> survivors = single == null ? List.of(pair.primary(), pair.backup()) : List.of(single);
        for (Member survivor : survivors) {
            Trial.awaitExit(survivor, ExitCode.DONE);
            wrong.addAll(guest.diskViolations(load, pair.image(survivor)));
        }
        if (single == null && Files.mismatch(pair.image(pair.primary()), pair.image(pair.backup())) >= 0) {
            wrong.add("disks: expected=equal copies after a clean end, actual=they differ");
        }
        wrong.addAll(console.complaints());
        wrong.addAll(guest.consoleViolations(console.parts(), !plan.losesSwitch(), typed));
        if (!wrong.isEmpty()) {
            throw new Broken(String.join("; ", wrong));
        }
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(String what, long millis, Condition condition) throws Broken {
        Patience patience = new Patience(millis);
        while (!condition.holds()) {
            if (patience.over()) {
                throw new Broken("no %s within %d s".formatted(what, millis / 1000));
            }
            LockSupport.parkNanos(STEP_NANOS);
        }
    }

    /** What is needed to find the cause: disks, console, and what the processes told. */
    private void evidence(Pair pair, GuestLog console) {
        try {
            Files.writeString(
                    logs.resolve("console.txt"),
                    String.join("\n-- another switch --\n", console.parts()),
                    StandardCharsets.ISO_8859_1);
            StringBuilder events = new StringBuilder();
            for (Member member : List.of(pair.lanSwitch(), pair.primary(), pair.backup())) {
                events.append(member.name()).append('\n');
                member.events()
                        .forEach(event ->
                                events.append("  ").append(event.fields()).append('\n'));
                events.append("  ").append(member.state().fields()).append('\n');
            }
            Files.writeString(logs.resolve("events.txt"), events);
            for (Place place : List.of(Place.PRIMARY, Place.BACKUP)) {
                if (Files.exists(pair.image(place))) {
                    Files.copy(
                            pair.image(place), logs.resolve(place.name().toLowerCase(java.util.Locale.ROOT) + ".img"));
                }
            }
        } catch (IOException e) {
            // The finding itself is told in any case.
        }
    }
}
