package hartbeat.ft.channel;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The secret that both sides of a pair share: what proves a peer and a heartbeat. */
public final class Secret {
    public static final int LEAST_BYTES = 16;
    private static final String ALGORITHM = "HmacSHA256";

    /** Has the key and nothing else; never used itself. */
    private final Mac keyed;

    /** @throws IllegalArgumentException if the key is too short to protect anything */
    public Secret(byte[] key) {
        if (key.length < LEAST_BYTES) {
            throw new IllegalArgumentException(
                    "pair secret: expected>=%d bytes, actual=%d, hint: head -c 32 /dev/urandom"
                            .formatted(LEAST_BYTES, key.length));
        }
        try {
            keyed = Mac.getInstance(ALGORITHM);
            keyed.init(new SecretKeySpec(key, ALGORITHM));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }

    /** 32 bytes over a purpose and the parts; the lengths of the parts are fixed by the purpose. */
    public byte[] mac(String purpose, byte[]... parts) {
        try {
            Mac mac = (Mac) keyed.clone();
            mac.update(purpose.getBytes(StandardCharsets.UTF_8));
            mac.update((byte) 0);
            for (byte[] part : parts) {
                mac.update(part);
            }
            return mac.doFinal();
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's own " + ALGORITHM + " can be copied", e);
        }
    }

    /** Compares in a time that does not depend on where they differ. */
    public static boolean same(byte[] one, byte[] other) {
        return MessageDigest.isEqual(one, other);
    }
}
