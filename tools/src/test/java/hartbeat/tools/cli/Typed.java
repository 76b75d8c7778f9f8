package hartbeat.tools.cli;

import hartbeat.tools.Main;
import java.io.PrintWriter;
import java.io.StringWriter;

/** A command line and what it led to, in this process. */
record Typed(int exitCode, String out, String err) {
    static Typed line(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int exitCode = Main.execute(arguments, new PrintWriter(out), new PrintWriter(err));
        return new Typed(exitCode, out.toString(), err.toString());
    }
}
