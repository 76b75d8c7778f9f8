package hartbeat.tools.compose;

import hartbeat.devices.host.link.LinkAddress;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line says about one side of a pair.
 *
 * @param arbiter the arbiter's directory
 * @param name how this side is called
 * @param lans switch of each network card, in their order; the first is the console hub too
 * @param suspectMillis silence after which a backup suspects its primary
 * @param statusJson where to write status lines, see {@link StatusLines}
 */
public record PairSide(
        Path arbiter,
        String name,
        List<LinkAddress> lans,
        long suspectMillis,
        @Nullable String statusJson) {}
