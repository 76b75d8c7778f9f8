package hartbeat.proof.fault;

/** The only source of chance in a simulation: SplitMix64 from a seed. Streams of different purposes do not disturb each other. */
public final class Seeded {
    private static final long GAMMA = 0x9e3779b97f4a7c15L;

    private long state;

    private Seeded(long state) {
        this.state = state;
    }

    /** The stream of a purpose; equal seeds and purposes give equal streams. */
    public static Seeded of(long seed, String purpose) {
        long state = seed;
        for (int i = 0; i < purpose.length(); i++) {
            state = mix(state + GAMMA) ^ purpose.charAt(i);
        }
        return new Seeded(state);
    }

    public long next() {
        state += GAMMA;
        return mix(state);
    }

    /** 0 to {@code bound}, exclusive. */
    public long below(long bound) {
        return Long.remainderUnsigned(next(), bound);
    }

    /** {@code least} to {@code most}, both possible. */
    public long between(long least, long most) {
        return least + below(most - least + 1);
    }

    public boolean chance(int percent) {
        return below(100) < percent;
    }

    public void fill(byte[] bytes) {
        for (int i = 0; i < bytes.length; ) {
            long eight = next();
            for (int end = Math.min(bytes.length, i + 8); i < end; i++) {
                bytes[i] = (byte) eight;
                eight >>>= 8;
            }
        }
    }

    private static long mix(long value) {
        long z = value;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
