package hartbeat.proof.differential.host;

import hartbeat.proof.differential.OtherMachine;
import hartbeat.proof.differential.StreamImage;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The distribution's QEMU: one process for a batch, whose RAM is a file that we write before and read after. */
public final class QemuMachine implements OtherMachine {
    public static final String PROGRAM = "qemu-system-riscv32";

    /** What ours has, and nothing beyond. */
    private static final String CPU = "rv32,f=off,d=off,h=off,v=off,zba=off,zbb=off,zbc=off,zbs=off,sstc=on";

    /** A batch takes a second or two; a busy host may need many more. */
    private static final long PATIENCE_SECONDS = 60;

    private static final Path FAST = Path.of("/dev/shm");

    /** Version of the program as it says it; empty if there is none. */
    public static String version() {
        try {
            Process process = new ProcessBuilder(PROGRAM, "--version")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor();
            return said.lines().findFirst().orElse("");
        } catch (IOException e) {
            return "";
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "";
        }
    }

    private final boolean stepwise;

    /**
     * @param stepwise whether each instruction is translated by itself, so that one that a store has just changed is the new one also
     *     without FENCE.I, as it is on ours; many times slower
     */
    public QemuMachine(boolean stepwise) {
        this.stepwise = stepwise;
    }

    @Override
    public byte[] run(byte[] harness, byte[] batch, int streams) throws IOException, InterruptedException {
        Path ram = Files.isDirectory(FAST)
                ? Files.createTempFile(FAST, "hartbeat-differ", ".ram")
                : Files.createTempFile("hartbeat-differ", ".ram");
        // Also where the user ends the program in the middle of a batch: it is memory.
        ram.toFile().deleteOnExit();
        try (RandomAccessFile file = new RandomAccessFile(ram.toFile(), "rw")) {
            file.setLength(StreamImage.MEMORY_BYTES);
            file.write(harness);
            file.seek(StreamImage.batchOffset());
            file.write(batch);
            execute(ram);
            byte[] results = new byte[StreamImage.resultsBytes(streams)];
            file.seek(StreamImage.resultsOffset());
            file.readFully(results);
            return results;
        } finally {
            Files.deleteIfExists(ram);
        }
    }

    private void execute(Path ram) throws IOException, InterruptedException {
        String backend =
                "memory-backend-file,id=ram,share=on,size=%d,mem-path=%s".formatted(StreamImage.MEMORY_BYTES, ram);
        List<String> command = new ArrayList<>(List.of(
                PROGRAM,
                "-M",
                "virt,memory-backend=ram",
                "-object",
                backend,
                "-m",
                (StreamImage.MEMORY_BYTES >> 20) + "M",
                "-cpu",
                CPU,
                "-bios",
                "none",
                "-nodefaults",
                "-display",
                "none",
                "-no-reboot"));
        if (stepwise) {
            command.add("-singlestep");
        }
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            process.getOutputStream().close();
            // One that hangs is ended; what it had not come to by then differs.
            if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() != 0) {
                String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
                throw new IOException("%s ended with %d: %s".formatted(PROGRAM, process.exitValue(), said));
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
