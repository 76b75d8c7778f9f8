package hartbeat.tools.compose;

import hartbeat.devices.host.link.LinkAddress;
import hartbeat.devices.host.link.LinkMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Connects a machine's network cards and hub consoles to their switches, one link for each switch. */
final class Lans {
    private Lans() {}

    /**
     * @param addresses the switch of each network card, in their order
     * @param hub the switch that shows the consoles, null if they are shown elsewhere
     * @param name of this side, for the switch's messages
     */
    static void connect(
            MachineHost host,
            BuiltMachine built,
            List<LinkAddress> addresses,
            @Nullable LinkAddress hub,
            String name,
            Runnable wake) {
        Map<LinkAddress, List<Integer>> cards = new LinkedHashMap<>();
        for (int i = 0; i < addresses.size(); i++) {
            cards.computeIfAbsent(addresses.get(i), _ -> new ArrayList<>()).add(i);
        }
        if (hub != null) {
            cards.computeIfAbsent(hub, _ -> new ArrayList<>());
        }
        cards.forEach((address, indexes) -> {
            List<LinkMessage.Nic> nics = new ArrayList<>();
            List<Integer> devices = new ArrayList<>();
            for (int index : indexes) {
                nics.add(new LinkMessage.Nic(
                        built.indexes().nics().get(index),
                        built.config().nics().get(index).mac().bits()));
                devices.add(built.indexes().nics().get(index));
            }
            List<LinkMessage.Console> consoles = new ArrayList<>();
            if (address.equals(hub)) {
                built.consoles().forEach(console -> consoles.add(new LinkMessage.Console(console)));
                devices.addAll(built.consoles());
            }
            LinkMessage.Hello hello =
                    new LinkMessage.Hello(built.config().machineId().toString(), name, nics, consoles);
            host.outside(devices, new LinkPort(address, hello, host.sink(), wake));
        });
    }
}
