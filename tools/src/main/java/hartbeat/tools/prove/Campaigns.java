package hartbeat.tools.prove;

import hartbeat.proof.attack.host.AttackCampaign;
import hartbeat.proof.campaign.Campaign;
import hartbeat.proof.differential.host.ExecutorCampaign;
import hartbeat.proof.differential.host.QemuCampaign;
import hartbeat.proof.host.SimulationCampaign;
import hartbeat.tools.faults.FaultCampaign;
import java.util.List;

/** The kinds of proof that there are. */
public final class Campaigns {
    private Campaigns() {}

    /**
     * One of them.
     *
     * @param share of the processors' time among those that compute, chosen so that each reaches its floor within an hour on two cores; 0
     *     for a campaign that mostly waits and runs beside all others
     */
    public record Entry(Campaign campaign, int share) {
        public Entry {
            if (share < 0) {
                throw new IllegalArgumentException("share: expected>=0, actual=" + share);
            }
        }

        boolean waits() {
            return share == 0;
        }
    }

    /** In the order in which they run. */
    public static List<Entry> all() {
        return List.of(
                new Entry(SimulationCampaign.histories(), 6), //
                new Entry(SimulationCampaign.crashPoints(), 66),
                new Entry(new AttackCampaign(), 6),
                new Entry(new FuzzCampaign(), 7),
                new Entry(new QemuCampaign(Long.MAX_VALUE, _ -> {}), 9),
                new Entry(new ExecutorCampaign(Long.MAX_VALUE), 4),
                new Entry(new ReplayCampaign(), 2),
                new Entry(new FaultCampaign(), 0));
    }
}
