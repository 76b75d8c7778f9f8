package hartbeat.proof.differential;

import java.io.IOException;

/** An independent machine that runs the stream harness. */
@FunctionalInterface
public interface OtherMachine {
    /**
     * Runs a batch.
     *
     * @param harness what lies at the start of RAM
     * @param batch what lies at {@link StreamImage#batchOffset} from there
     * @param streams how many there are in it
     * @return the results, {@link StreamImage#resultsBytes} of them; those of streams that it did not come to are zero
     * @throws IOException if it cannot be run
     */
    byte[] run(byte[] harness, byte[] batch, int streams) throws IOException, InterruptedException;
}
