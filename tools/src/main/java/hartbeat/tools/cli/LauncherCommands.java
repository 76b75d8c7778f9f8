package hartbeat.tools.cli;

import hartbeat.tools.UserError;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Commands that the launcher script carries out before Java is started; they stand here for the help. */
public final class LauncherCommands {
    private LauncherCommands() {}

    /** Builds the Linux guest. */
    @Command(
            name = "guest",
            description = {
                "Build the Linux guest, or a disk image.",
                "It is made from the distribution's packages, once, into a cache."
            },
            footerHeading = "%nExamples:%n",
            footer = {
                "  ./hartbeat guest            build what is missing, with progress",
                "  ./hartbeat guest --help     what the recipe offers"
            })
    public static final class Guest extends ByLauncher {
        public Guest() {
            super("guest");
        }
    }

    /** Runs the project's tests. */
    @Command(
            name = "test",
            description = "Run all tests, then the quick proof.",
            footerHeading = "%nExamples:%n",
            footer = {"  ./hartbeat test"})
    public static final class Test extends ByLauncher {
        public Test() {
            super("test");
        }
    }

    /** Runs the benchmarks, which are a module of their own. */
    @Command(
            name = "bench",
            description = {"Measure speed.", "JMH, and side by side with QEMU and native code."},
            footerHeading = "%nExamples:%n",
            footer = {
                "  ./hartbeat bench qemu --quick    a few minutes; --help for more",
                "  ./hartbeat bench qemu --list     names of the workloads",
                "  ./hartbeat bench jmh --help      microbenchmarks"
            })
    public static final class Bench extends ByLauncher {
        public Bench() {
            super("bench");
        }
    }

    /** Fuzzes what reads from others; a module of its own. */
    @Command(
            name = "fuzz",
            description = {"Fuzz what reads from others.", "Coverage-guided, with Jazzer."},
            footerHeading = "%nExamples:%n",
            footer = {
                "  ./hartbeat fuzz --list                    the targets",
                "  ./hartbeat fuzz --seconds 60 log link     two of them, a minute each"
            })
    public static final class Fuzz extends ByLauncher {
        public Fuzz() {
            super("fuzz");
        }
    }

    abstract static class ByLauncher implements Callable<Integer> {
        @Mixin
        final CommonOptions common = new CommonOptions();

        @Parameters(hidden = true)
        final List<String> rest = new ArrayList<>();

        private final String name;

        ByLauncher(String name) {
            this.name = name;
        }

        @Override
        public Integer call() {
            throw UserError.usage(
                    name + " is carried out by the launcher",
                    "run ./hartbeat " + name + " from the project's directory");
        }
    }
}
