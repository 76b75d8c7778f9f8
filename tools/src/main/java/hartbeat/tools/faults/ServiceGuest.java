package hartbeat.tools.faults;

import hartbeat.guest.BareGuests;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The bare guest {@code service}, which boots in no time and drives every device. */
final class ServiceGuest implements Guest {
    private static final Pattern LINE = Pattern.compile("ready|bye|([tkr]) ([0-9]+)");
    private static final int TICKS_PER_LINE = 8;
    private static final int DISK_BYTES = 64 * 1024;
    private static final long BOOT_MILLIS = 20_000;
    private static final int MOST = 3;
    private static final int MOST_PASSING = 5;

    private final Path elf;

    /** @param directory where the program's file is put */
    ServiceGuest(Path directory) throws IOException {
        elf = directory.resolve("service.elf");
        Files.write(elf, BareGuests.named("service").elf());
    }

    @Override
    public String name() {
        return "service";
    }

    @Override
    public List<String> machine() {
        return List.of("--bios", "none", "--memory", "1M", "--kernel", elf.toString());
    }

    @Override
    public List<String> uplink() {
        return List.of();
    }

    @Override
    public void makeDisk(Path image) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength(DISK_BYTES);
        }
    }

    @Override
    public String ready() {
        return "ready\n";
    }

    @Override
    public long bootMillis() {
        return BOOT_MILLIS;
    }

    @Override
    public boolean takes(Kind kind) {
        return true;
    }

    @Override
    public int mostPassing() {
        return MOST_PASSING;
    }

    @Override
    public Load load(Site site, InetSocketAddress lanSwitch, long seed) {
        return new FrameClient(site.room(Place.CLIENT), lanSwitch, seed);
    }

    @Override
    public String off() {
        return "q";
    }

    @Override
    public List<String> consoleViolations(List<String> parts, boolean whole, int typed) {
        List<String> found = new ArrayList<>();
        long keys = 0;
        for (int i = 0; i < parts.size(); i++) {
            keys += partViolations(wholeLines(parts, i), whole, found);
        }
        if (keys > typed || (whole && keys != typed)) {
            found.add("console: expected=%d typed bytes, actual=%d".formatted(typed, keys));
        }
        if (parts.isEmpty() || !parts.getLast().endsWith("bye\n")) {
            found.add("console: expected=bye at the end");
        }
        return found.size() > MOST ? found.subList(0, MOST) : found;
    }

    /** Where one switch ended and another began, a line may have been cut: its head belongs to the part before, its tail to the part after. */
    private static List<String> wholeLines(List<String> parts, int index) {
        String part = parts.get(index);
        List<String> lines = part.lines().toList();
        int from = index == 0 ? 0 : 1;
        int to = index < parts.size() - 1 && !part.endsWith("\n") ? lines.size() - 1 : lines.size();
        return from < to ? lines.subList(from, to) : List.of();
    }

    /**
     * Ticks and answers are numbered; within a part none is missing. An answer's number jumps only if a request was lost with a switch.
     *
     * @return typed bytes that the guest has told of
     */
    private static long partViolations(List<String> lines, boolean whole, List<String> found) {
        long ticks = -1;
        long answers = -1;
        long keys = 0;
        for (String line : lines) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                found.add("console: garbled line: " + line);
            } else if ("t".equals(matcher.group(1))) {
                long number = Long.parseLong(matcher.group(2));
                expect("tick", ticks < 0 || number == ticks + TICKS_PER_LINE, ticks, number, found);
                ticks = number;
            } else if ("k".equals(matcher.group(1))) {
                keys += Long.parseLong(matcher.group(2));
            } else if ("r".equals(matcher.group(1))) {
                long number = Long.parseLong(matcher.group(2));
                expect(
                        "answer",
                        answers < 0 || (whole ? number == answers + 1 : number > answers),
                        answers,
                        number,
                        found);
                answers = number;
            }
        }
        return keys;
    }

    private static void expect(String what, boolean held, long before, long number, List<String> found) {
        if (!held) {
            found.add("console: %s %d came after %d".formatted(what, number, before));
        }
    }

    @Override
    public List<String> diskViolations(Load load, Path image) throws IOException {
        byte[] bytes = Files.readAllBytes(image);
        if (bytes.length != DISK_BYTES) {
            return List.of("disk: expected=%d bytes, actual=%d".formatted(DISK_BYTES, bytes.length));
        }
        return ((FrameClient) load).diskViolations(bytes);
    }
}
