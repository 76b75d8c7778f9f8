package hartbeat.tools.faults;

import hartbeat.devices.host.HostException;
import hartbeat.tools.process.Member;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Switch, primary and backup of one life, each a process in its own room. */
final class Pair implements AutoCloseable {
    private static final int SWITCH_PORT = 7100;
    private static final int LOG_PORT = 7000;
    private static final long START_MILLIS = 120_000;
    private static final long STEP_MILLIS = 20;
    private static final String DISK_ID = "data";

    private final Site site;
    private final Guest guest;
    private final long suspectMillis;
    private final Path logs;
    private final List<Member> all = new ArrayList<>();
    private final Member primary;
    private final Member backup;
    private Member lanSwitch;

    /** Starts all three; returns when the machine is protected. */
    Pair(Site site, Guest guest, long suspectMillis, Path logs, RandomGenerator random)
            throws HostException, IOException, InterruptedException, Broken {
        this.site = site;
        this.guest = guest;
        this.suspectMillis = suspectMillis;
        this.logs = logs;
        guest.makeDisk(image(Place.PRIMARY));
        try {
            lanSwitch = start(Place.SWITCH, switchCommand());
            primary = start(Place.PRIMARY, primaryCommand(executor(random)));
            backup = start(Place.BACKUP, backupCommand(executor(random)));
            require(lanSwitch, "listening");
            require(primary, "protected");
            require(backup, "connected");
        } catch (HostException | IOException | InterruptedException | Broken e) {
            close();
            throw e;
        }
    }

    private static String executor(RandomGenerator random) {
        return random.nextBoolean() ? "translator" : "interpreter";
    }

    private Member start(Place place, List<String> command) throws HostException, IOException {
        String name = place.name().toLowerCase(java.util.Locale.ROOT);
        Member member = site.room(place).inside(() -> new Member(name, logs, command));
        all.add(member);
        return member;
    }

    private static void require(Member member, String event) throws InterruptedException, Broken {
        Patience patience = new Patience(START_MILLIS);
        Member.@Nullable Status status = null;
        while (status == null && member.process().alive() && !patience.over()) {
            status = member.awaitEvent(event, STEP_MILLIS);
        }
        if (status == null && member.event(event) == null) {
            List<String> log = member.process().lastLogLines(1);
            throw new Broken("%s did not start: expected=%s within %d s, its log says: %s"
                    .formatted(member.name(), event, START_MILLIS / 1000, log.isEmpty() ? "nothing" : log.getFirst()));
        }
    }

    static InetSocketAddress lanAddress() {
        return new InetSocketAddress(Place.SWITCH.address(), SWITCH_PORT);
    }

    private static String lan() {
        return "tcp:" + Place.SWITCH.address() + ":" + SWITCH_PORT;
    }

    private List<String> switchCommand() {
        List<String> command = new ArrayList<>(List.of("switch", "--listen", lan(), "--status-json", "-"));
        command.addAll(guest.uplink());
        return command;
    }

    private List<String> primaryCommand(String executor) {
        List<String> command =
                new ArrayList<>(List.of("primary", "--listen", Place.PRIMARY.address() + ":" + LOG_PORT));
        command.addAll(guest.machine());
        command.addAll(List.of("--drive", "file=" + image(Place.PRIMARY) + ",format=raw,id=" + DISK_ID));
        command.addAll(sideOptions(executor));
        return command;
    }

    private List<String> backupCommand(String executor) {
        List<String> command = new ArrayList<>(List.of(
                "backup",
                "--connect",
                Place.PRIMARY.address() + ":" + LOG_PORT,
                "--disk-dir",
                site.disks(Place.BACKUP).toString(),
                "--wait",
                "120"));
        command.addAll(sideOptions(executor));
        return command;
    }

    private List<String> sideOptions(String executor) {
        return List.of(
                "--net",
                "switch=" + lan(),
                "--arbiter",
                "dir:" + site.arbiter(),
                "--suspect-after",
                Long.toString(suspectMillis),
                "--executor",
                executor,
                "--status-json",
                "-");
    }

    /** A side's copy of the disk. */
    Path image(Place place) {
        return site.disks(place).resolve(DISK_ID + ".img");
    }

    Path image(Member side) {
        return image(side == primary ? Place.PRIMARY : Place.BACKUP);
    }

    Member lanSwitch() {
        return lanSwitch;
    }

    /** Another switch in place of one that is gone. */
    void restartSwitch() throws HostException, IOException, InterruptedException, Broken {
        lanSwitch = start(Place.SWITCH, switchCommand());
        require(lanSwitch, "listening");
    }

    Member primary() {
        return primary;
    }

    Member backup() {
        return backup;
    }

    Member other(Member side) {
        return side == primary ? backup : primary;
    }

    static Place place(Member side) {
        return side.name().equals("primary") ? Place.PRIMARY : Place.BACKUP;
    }

    /** The generations that the arbiter has given away. */
    List<Long> generations() throws IOException {
        try (Stream<Path> files = Files.list(site.arbiter())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("generation-[0-9]+"))
                    .map(name -> Long.parseLong(name.substring(name.indexOf('-') + 1)))
                    .sorted()
                    .toList();
        }
    }

    /** Ends all that runs; a stopped process is killed. */
    @Override
    public void close() {
        for (Member member : all) {
            if (member.process().alive()) {
                member.process().kill();
            }
        }
        all.forEach(Member::close);
    }
}
