package hartbeat.emulator.isa;

/**
 * An immediate whose bits are scattered over an encoding, as the specification draws it: {@code "5 4:0"} at positions
 * {@code 12, 6:2} means that imm[5] stands in bit 12 and imm[4:0] in bits 6:2.
 */
public final class Scatter {
    /** No immediate: always 0. */
    public static final Scatter NONE = new Scatter(new int[0][], 0);

    private final int[][] pieces;
    private final int signBit;

    private Scatter(int[][] pieces, int signBit) {
        this.pieces = pieces;
        this.signBit = signBit;
    }

    /** {@code layout} lists the immediate's bits from encoding bit 12 downwards, skipping none: {@code "5@12 4:0@6"}. */
    public static Scatter unsigned(String layout) {
        return new Scatter(parse(layout), 32);
    }

    /** The same, sign-extended from the highest bit that is named. */
    public static Scatter signed(String layout) {
        int[][] pieces = parse(layout);
        int highest = 0;
        for (int[] piece : pieces) {
            highest = Math.max(highest, piece[0]);
        }
        return new Scatter(pieces, highest);
    }

    public int of(int bits) {
        int value = 0;
        for (int[] piece : pieces) {
            int width = piece[0] - piece[1] + 1;
            value |= (bits >>> (piece[2] - width + 1) & ((1 << width) - 1)) << piece[1];
        }
        return signBit < 31 ? value << (31 - signBit) >> (31 - signBit) : value;
    }

    /** Each piece is highest and lowest bit of the immediate, and the encoding's bit that holds the highest. */
    private static int[][] parse(String layout) {
        String[] words = layout.split(" ");
        int[][] pieces = new int[words.length][];
        for (int i = 0; i < words.length; i++) {
            int at = words[i].indexOf('@');
            int colon = words[i].indexOf(':');
            int high = Integer.parseInt(words[i].substring(0, colon < 0 ? at : colon));
            int low = colon < 0 ? high : Integer.parseInt(words[i].substring(colon + 1, at));
            pieces[i] = new int[] {high, low, Integer.parseInt(words[i].substring(at + 1))};
        }
        return pieces;
    }
}
