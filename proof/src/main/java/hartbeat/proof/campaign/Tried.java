package hartbeat.proof.campaign;

import java.util.List;

/**
 * What a campaign did: one line of the table.
 *
 * @param campaign its name
 * @param unit what it counts, in the plural
 * @param count how many were tried
 * @param findings empty if every check held
 */
public record Tried(String campaign, String unit, long count, List<Finding> findings) {
    public Tried {
        findings = List.copyOf(findings);
    }
}
