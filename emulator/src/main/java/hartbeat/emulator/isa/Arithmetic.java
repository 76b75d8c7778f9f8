package hartbeat.emulator.isa;

/** The operations of the M and A extensions for which Java has no operator (RISC-V Unpriv. 13.1, 13.2, 14.4). */
public final class Arithmetic {
    private Arithmetic() {}

    public static int mulh(int a, int b) {
        return (int) (((long) a * b) >> 32);
    }

    public static int mulhsu(int a, int b) {
        return (int) ((a * (b & 0xffff_ffffL)) >> 32);
    }

    public static int mulhu(int a, int b) {
        return (int) (((a & 0xffff_ffffL) * (b & 0xffff_ffffL)) >>> 32);
    }

    /** Division by zero gives -1; the overflow of the smallest number by -1 gives the dividend, as in Java. */
    public static int div(int a, int b) {
        return b == 0 ? -1 : a / b;
    }

    public static int divu(int a, int b) {
        return b == 0 ? -1 : Integer.divideUnsigned(a, b);
    }

    /** The remainder of a division by zero is the dividend. */
    public static int rem(int a, int b) {
        return b == 0 ? a : a % b;
    }

    public static int remu(int a, int b) {
        return b == 0 ? a : Integer.remainderUnsigned(a, b);
    }

    public static int minu(int a, int b) {
        return Integer.compareUnsigned(a, b) <= 0 ? a : b;
    }

    public static int maxu(int a, int b) {
        return Integer.compareUnsigned(a, b) >= 0 ? a : b;
    }
}
