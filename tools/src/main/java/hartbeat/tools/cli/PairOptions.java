package hartbeat.tools.cli;

import hartbeat.devices.host.link.LinkAddress;
import hartbeat.tools.UserError;
import hartbeat.tools.compose.PairSide;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that both sides of a pair have. */
public final class PairOptions {
    /** It becomes part of a file's name and content at the arbiter, and must come back from there as it is. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");

    @Option(
            names = {"--arbiter"},
            paramLabel = "dir:PATH",
            required = true,
            description = "Who decides which side goes on: a directory that both hosts see (NFS, a shared mount).")
    String arbiter = "";

    @Option(
            names = {"--name"},
            paramLabel = "NAME",
            description = "How this side is called in messages and at the arbiter (default: its role).")
    @Nullable
    String name;

    @Option(
            names = {"--suspect-after"},
            paramLabel = "MILLIS",
            defaultValue = "250",
            description = "Silence after which a backup suspects its primary (default: ${DEFAULT-VALUE}).")
    long suspectMillis = 250;

    @Option(
            names = {"--status-json"},
            paramLabel = "FILE",
            description = {
                "Append a line of JSON for each event (listening, connected, protected, live, notice, end) and four",
                "times a second the state; - for standard output. When nobody reads that any more, this side ends."
            })
    @Nullable
    String statusJson;

    /** As {@link DirectLine.Taker#take}. */
    boolean take(String option, DirectLine line) {
        switch (option) {
            case "--arbiter" -> arbiter = line.text();
            case "--name" -> name = line.text();
            case "--suspect-after" -> suspectMillis = Long.parseLong(line.text());
            case "--status-json" -> statusJson = line.text();
            default -> {
                return false;
            }
        }
        return true;
    }

    /** As {@link DirectLine.Taker#complete}. */
    boolean complete() {
        return !arbiter.isEmpty();
    }

    /** What the composition needs. */
    PairSide side(String role, List<NetOption> nets) {
        if (!arbiter.startsWith("dir:") || arbiter.length() == "dir:".length()) {
            throw UserError.usage(
                    "--arbiter: expected=dir:PATH, actual=" + arbiter, "for example dir:/mnt/shared/arbiter");
        }
        if (suspectMillis < 20 || suspectMillis > 60_000) {
            throw UserError.usage("--suspect-after: expected=20 to 60000, actual=" + suspectMillis, "for example 250");
        }
        if (name != null && !NAME.matcher(name).matches()) {
            throw UserError.usage(
                    "--name: expected=1 to 64 letters, digits, . _ or -, actual=" + name, "for example host-a");
        }
        List<LinkAddress> lans = new ArrayList<>();
        for (NetOption net : nets) {
            switch (net) {
                case NetOption.Socket socket -> lans.add(socket.address());
                case NetOption.None _ -> {
                    // No card.
                }
                case NetOption.Own _ ->
                    throw UserError.usage(
                            "--net: a pair shares a switch that outlives both sides",
                            "start ./hartbeat switch with that uplink and use --net switch=ADDRESS");
            }
        }
        return new PairSide(
                Path.of(arbiter.substring("dir:".length())),
                name == null ? role : name,
                List.copyOf(lans),
                suspectMillis,
                statusJson);
    }
}
