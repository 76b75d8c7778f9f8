package hartbeat.tools.faults;

import hartbeat.devices.host.HostException;
import hartbeat.tools.compose.OwnGuest;
import hartbeat.tools.demo.FileClient;
import hartbeat.tools.demo.FileSystemCheck;
import hartbeat.tools.demo.ServiceClient;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Linux guest: requests over one TCP connection that is never opened again, records on an ext4 file system, ticks on the console. */
final class LinuxGuest implements Guest {
    private static final Pattern TICK = Pattern.compile("tick ([0-9]+)\\r?\\n");
    private static final InetSocketAddress SERVICE = new InetSocketAddress("10.0.2.15", 7000);
    private static final long BOOT_MILLIS = 120_000;
    private static final int DISK_MEGABYTES = 16;
    private static final int CONNECT_MILLIS = 20_000;
    private static final long RETRY_MILLIS = 200;
    private static final long PERIOD_MICROS = 5_000;

    private final OwnGuest guest;

    LinuxGuest(OwnGuest guest) {
        this.guest = guest;
    }

    @Override
    public String name() {
        return "linux";
    }

    @Override
    public List<String> machine() {
        return List.of(
                "--kernel",
                guest.kernel().toString(),
                "--initrd",
                guest.initrd().toString(),
                "--append",
                OwnGuest.APPEND + " quiet hartbeat.tick=50");
    }

    @Override
    public List<String> uplink() {
        return List.of("--uplink", "tap,ifname=guests,address=10.0.2.2/24");
    }

    @Override
    public void makeDisk(Path image) {
        OwnGuest.makeDisk(image, DISK_MEGABYTES);
    }

    @Override
    public String ready() {
        return "guest ready";
    }

    @Override
    public long bootMillis() {
        return BOOT_MILLIS;
    }

    /** Its full disks are not tried: a file system that once met an error stays read-only. */
    @Override
    public boolean takes(Kind kind) {
        return kind != Kind.FULL_PRIMARY && kind != Kind.KILL_FULL_DISKS;
    }

    @Override
    public int mostPassing() {
        return 10;
    }

    /** The client is where the uplink is; what is on the cables meanwhile concerns machines and switch. */
    @Override
    public Load load(Site site, InetSocketAddress lanSwitch, long seed) throws HostException, IOException {
        long deadline = System.nanoTime() + CONNECT_MILLIS * 1_000_000L;
        while (true) {
            try {
                return site.room(Place.SWITCH).inside(Clients::new);
            } catch (ConnectException | NoRouteToHostException e) {
                // On a busy host the guest may answer its first ARP request too late.
                if (System.nanoTime() > deadline) {
                    throw e;
                }
                Trial.pause(RETRY_MILLIS);
            }
        }
    }

    /** One client that asks and one that writes. */
    private static final class Clients implements Load {
        private final ServiceClient service;
        private final FileClient files;
        private final List<String> complaints = new ArrayList<>();

        Clients() throws IOException {
            service = new ServiceClient(SERVICE, CONNECT_MILLIS, PERIOD_MICROS);
            files = new FileClient(SERVICE, CONNECT_MILLIS);
        }

        @Override
        public long answered() {
            return service.answered();
        }

        @Override
        public synchronized List<String> complaints() {
            List<String> all = new ArrayList<>(service.complaints());
            all.addAll(files.complaints());
            all.addAll(complaints);
            return all;
        }

        @Override
        public boolean finish(long timeoutMillis) throws InterruptedException {
            boolean all = service.finish(timeoutMillis) && files.finish(timeoutMillis);
            long whole = all ? files.verify((int) timeoutMillis) : -1;
            if (all && whole != files.written()) {
                synchronized (this) {
                    complaints.add("records: expected=%d whole, actual=%d".formatted(files.written(), whole));
                }
            }
            return all;
        }

        @Override
        public void close() {
            try {
                service.close();
                files.close();
            } catch (IOException e) {
                // The guest is off, or being killed.
            }
        }
    }

    @Override
    public String off() {
        return "\npoweroff\n";
    }

    @Override
    public List<String> consoleViolations(List<String> parts, boolean whole, int typed) {
        List<String> found = new ArrayList<>();
        long last = -1;
        for (int i = 0; i < parts.size(); i++) {
            Matcher matcher = TICK.matcher(parts.get(i));
            long before = -1;
            // Where a new switch begins, the first number may have been cut.
            if (i > 0 && !matcher.find()) {
                continue;
            }
            while (matcher.find()) {
                long tick = Long.parseLong(matcher.group(1));
                if (before >= 0 && tick != before + 1) {
                    found.add("console: tick %d came after %d".formatted(tick, before));
                }
                before = tick;
                last = tick;
            }
        }
        if (last < 0) {
            found.add("console: expected=ticks, actual=none");
        }
        return found.size() > 3 ? found.subList(0, 3) : found;
    }

    @Override
    public List<String> diskViolations(Load load, Path image) {
        try {
            FileSystemCheck check = FileSystemCheck.of(image);
            return check.clean() ? List.of() : List.of("disk: e2fsck: " + check.note());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of("disk: interrupted");
        }
    }
}
