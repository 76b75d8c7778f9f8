package hartbeat.fuzz;

import java.util.List;

/** Something that reads what others wrote. */
public interface Target {
    /** One lower-case word. */
    String name();

    /** What is read, for the list of targets. */
    String about();

    /** Reads {@code input}. Returns for good input and for bad input that was refused; throws whatever is a finding. */
    void test(byte[] input) throws Exception;

    /** Good inputs, made by the product's own code, from which others are bred. */
    List<byte[]> seeds();
}
