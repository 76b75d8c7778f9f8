package hartbeat.tools.compose;

import hartbeat.devices.board.BoardConfig;
import hartbeat.devices.board.MacAddress;
import hartbeat.devices.board.MachineId;
import hartbeat.devices.board.RngSeed;
import hartbeat.tools.UserError;
import hartbeat.tools.cli.MachineSpec;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Makes the description of a machine from a command line. */
final class Configurations {
    private static final int MACHINE_ID_BYTES = 16;

    private Configurations() {}

    /** A new machine, with an identity that no other has. */
    static BoardConfig of(MachineSpec spec, List<BoardConfig.Drive> drives) {
        Set<String> ids = new HashSet<>();
        for (BoardConfig.Drive drive : drives) {
            if (!ids.add(drive.id())) {
                throw UserError.usage("--drive: two disks have the id " + drive.id(), "give each an id of its own");
            }
        }
        List<BoardConfig.Nic> nics = new ArrayList<>();
        for (int i = 0; i < spec.nets().size(); i++) {
            long bits = spec.mac().bits();
            nics.add(new BoardConfig.Nic(new MacAddress((bits & ~0xffffL) | (bits + i & 0xffff)), 0));
        }
        try {
            return new BoardConfig(
                    MachineId.of(random(MACHINE_ID_BYTES)),
                    spec.memoryBytes(),
                    spec.harts(),
                    spec.legacyVirtio() ? BoardConfig.Transport.LEGACY : BoardConfig.Transport.MODERN,
                    drives,
                    nics,
                    spec.rng(),
                    spec.virtioConsole(),
                    append(spec),
                    RngSeed.of(random(RngSeed.BYTES)));
        } catch (IllegalArgumentException e) {
            throw UserError.usage(String.valueOf(e.getMessage()), "see ./hartbeat run --help");
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static String append(MachineSpec spec) {
        if (spec.append() != null) {
            return spec.append();
        }
        return spec.ownGuest() ? OwnGuest.APPEND : "";
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }
}
