package hartbeat.tools.process;

import hartbeat.tools.Main;
import hartbeat.tools.UserError;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** The command line that starts this program again as another process: same JDK, same flags, same jars, other arguments. */
public final class OwnCommand {
    private OwnCommand() {}

    public static List<String> of(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current()
                .info()
                .command()
                .orElseThrow(() -> UserError.failed(
                        "the path of the running Java is unknown",
                        "is /proc mounted? It tells a process its own path")));
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            // A port for a debugger or an agent's file can be used by one process only.
            if (!flag.startsWith("-agentlib:") && !flag.startsWith("-javaagent:")) {
                command.add(flag);
            }
        }
        command.add("-cp");
        command.add(System.getProperty("java.class.path"));
        command.add(Main.class.getName());
        command.addAll(arguments);
        return List.copyOf(command);
    }
}
