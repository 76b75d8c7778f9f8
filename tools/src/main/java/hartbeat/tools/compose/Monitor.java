package hartbeat.tools.compose;

import hartbeat.emulator.hart.Hart;
import hartbeat.emulator.machine.Machine;
import hartbeat.ft.run.Guest;
import hartbeat.ft.run.Role;
import hartbeat.tools.ExitCode;
import hartbeat.tools.screen.HostTerminal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.DoubleSupplier;

/** Questions to a running machine, answered between two of its steps. */
final class Monitor {
    private static final long ANSWER_SECONDS = 5;
    private static final String[] PRIVILEGES = {"U", "S", "-", "M"};
    /** ABI names (RISC-V calling convention) of x0 to x31. */
    private static final String[] REGISTERS = {
        "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5",
        "a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"
    };

    private static final String HELP = """
            status      instructions, time, speed
            registers   registers of every hart
            digest      hash of every part of the machine, at this instruction
            quit        end the machine
            (an empty line goes back to the guest)
            """;

    private final RoleTasks tasks;
    private final Guest guest;
    private final Machine machine;
    private final DoubleSupplier mips;

    Monitor(RoleTasks tasks, Guest guest, Machine machine, DoubleSupplier mips) {
        this.tasks = tasks;
        this.guest = guest;
        this.machine = machine;
        this.mips = mips;
    }

    void quit() {
        tasks.end(new Role.Outcome(ExitCode.DONE, "left by the user"));
    }

    /** Output that nobody takes ends the machine: a full disk or a closed pipe must not pass for a console that is silent. */
    void consoleGone(IOException reason) {
        tasks.end(new Role.Outcome(
                ExitCode.FAILED, "the console's output cannot be written to standard output: " + reason.getMessage()));
    }

    /** Reads commands until an empty line; a terminal that has gone ends the machine. */
    void converse(HostTerminal terminal) {
        try {
            answerLines(terminal);
        } catch (IOException gone) {
            quit();
        }
    }

    private void answerLines(HostTerminal terminal) throws IOException {
        String line = terminal.readLine("(hartbeat) ");
        while (!line.isEmpty()) {
            String answer = answer(line).replace("\n", "\r\n");
            terminal.output().write(answer.getBytes(StandardCharsets.UTF_8));
            line = line.equals("quit") ? "" : terminal.readLine("(hartbeat) ");
        }
    }

    /** The answer to one command, as lines. */
    String answer(String command) {
        return switch (command) {
            case "status" -> ask(this::status);
            case "registers", "info registers" -> ask(this::registers);
            case "digest" -> ask(this::digest);
            case "quit" -> {
                quit();
                yield "";
            }
            default -> HELP;
        };
    }

    private String ask(java.util.function.Supplier<String> question) {
        try {
            return tasks.ask(question).get(ANSWER_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "interrupted\n";
        } catch (ExecutionException | TimeoutException e) {
            return "the machine does not answer\n";
        }
    }

    private String status() {
        return String.format(
                Locale.ROOT,
                "icount %,d   guest time %.3f s   %.1f MIPS   outputs %d%n",
                guest.icount(),
                guest.mtime() / 1e7,
                mips.getAsDouble(),
                guest.emitted());
    }

    private String registers() {
        StringBuilder text = new StringBuilder();
        for (Hart hart : machine.harts()) {
            text.append("%s  pc %08x  privilege %s%n".formatted(hart.name(), hart.pc(), PRIVILEGES[hart.privilege()]));
            for (int i = 0; i < REGISTERS.length; i++) {
                text.append("%4s %08x%s".formatted(REGISTERS[i], hart.registers()[i], i % 8 == 7 ? "\n" : ""));
            }
        }
        return text.toString();
    }

    private String digest() {
        StringBuilder text = new StringBuilder();
        guest.digest().parts().forEach(part -> text.append("%016x  %s%n".formatted(part.hash(), part.name())));
        return text.toString();
    }
}
