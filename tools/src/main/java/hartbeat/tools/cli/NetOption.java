package hartbeat.tools.cli;

import hartbeat.devices.host.HostException;
import hartbeat.devices.host.link.LinkAddress;
import hartbeat.tools.UserError;
import hartbeat.tools.lan.SwitchOptions;
import java.util.ArrayList;
import java.util.List;

/** A network interface's other end, from {@code --net}. */
public sealed interface NetOption {
    String HINT = "use none, switch=unix:PATH, switch=tcp:HOST:PORT, stream,addr.type=unix,addr.path=PATH, "
            + "passt[,forward=127.0.0.1:8080=80] or tap[,ifname=NAME,address=10.0.2.2/24]";

    /** No network interface at all. */
    record None() implements NetOption {}

    /** A switch of ours. */
    record Socket(LinkAddress address) implements NetOption {}

    /** A switch of this process's own with one uplink. */
    record Own(SwitchOptions.Uplink uplink) implements NetOption {}

    static NetOption parse(String text) {
        KeyValues values = new KeyValues("--net", text);
        String switchAt = values.take("switch");
        NetOption net = switchAt != null ? new Socket(address("--net", switchAt)) : parseKind(values);
        values.refuseTheRest("switch, addr.type, addr.path, addr.host, addr.port, server, forward, ifname, address");
        return net;
    }

    private static NetOption parseKind(KeyValues values) {
        return switch (values.first()) {
            case "none" -> new None();
            case "stream" -> stream(values);
            case "passt" -> new Own(new SwitchOptions.Passt(forwards(values.take("forward", ""))));
            case "tap" ->
                new Own(new SwitchOptions.Tap(
                        values.take("ifname", "hartbeat0"), values.take("address", "10.0.2.2/24")));
            default -> throw UserError.usage("--net: unknown kind '%s'".formatted(values.first()), HINT);
        };
    }

    private static NetOption stream(KeyValues values) {
        values.take("id");
        if (values.flag("server")) {
            throw UserError.usage("--net stream: server=on is not offered", "start ./hartbeat switch and join it");
        }
        String type = values.take("addr.type", "unix");
        return switch (type) {
            case "unix" -> new Socket(address("--net", "unix:" + values.require("addr.path", "add addr.path=PATH")));
            case "inet" ->
                new Socket(address(
                        "--net",
                        "tcp:" + values.require("addr.host", "add addr.host=HOST") + ":"
                                + values.require("addr.port", "add addr.port=PORT")));
            default ->
                throw UserError.usage("--net: addr.type: expected=unix or inet, actual=" + type, "use addr.type=unix");
        };
    }

    /** Several {@code [ADDRESS:]PORT=GUESTPORT} with {@code +} between them. */
    private static List<SwitchOptions.Forward> forwards(String text) {
        List<SwitchOptions.Forward> forwards = new ArrayList<>();
        for (String one : text.split("\\+", -1)) {
            if (!one.isEmpty()) {
                forwards.add(forward(one));
            }
        }
        return forwards;
    }

    /** Reads {@code [ADDRESS:]PORT=GUESTPORT}. */
    static SwitchOptions.Forward forward(String text) {
        try {
            return SwitchOptions.Forward.parse(text);
        } catch (HostException e) {
            throw UserError.usage(String.valueOf(e.getMessage()), e.hint());
        }
    }

    /** Reads {@code unix:PATH} or {@code tcp:HOST:PORT}; {@code option} is for the message. */
    static LinkAddress address(String option, String text) {
        try {
            return LinkAddress.parse(text);
        } catch (HostException e) {
            throw UserError.usage(option + ": " + e.getMessage(), e.hint());
        }
    }
}
