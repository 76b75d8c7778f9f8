package hartbeat.devices.host.link;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import hartbeat.devices.host.link.LinkMessage.Kind;
import hartbeat.emulator.io.Emission;
import hartbeat.emulator.io.Input;
import hartbeat.emulator.io.Output;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinkEndpointTest {
    private static final long MAC = 0x525400123456L;
    private static final int NIC = 0;
    private static final int CONSOLE = 1;

    private final List<Input> inputs = new ArrayList<>();
    private boolean room = true;
    private int roomAgain;
    private int woken;
    private final LinkEndpoint endpoint = new LinkEndpoint(
            new LinkMessage.Hello(
                    "00112233445566778899aabbccddeeff",
                    "guest",
                    List.of(new LinkMessage.Nic(NIC, MAC)),
                    List.of(new LinkMessage.Console(CONSOLE))),
            input -> room && inputs.add(input),
            () -> woken++,
            () -> roomAgain++);

    private List<LinkMessage> sent() throws LinkFormatException {
        List<LinkMessage> messages = new ArrayList<>();
        for (byte[] payload = endpoint.next(); payload != null; payload = endpoint.next()) {
            LinkMessage upgraded = LinkCodec.upgraded(payload);
            messages.add(upgraded != null ? upgraded : LinkCodec.decode(payload));
        }
        return messages;
    }

    private List<Long> numbersSent() throws LinkFormatException {
        List<Long> numbers = new ArrayList<>();
        for (LinkMessage message : sent()) {
            if (message instanceof LinkMessage.Output output) {
                numbers.add(output.number());
            }
        }
        return numbers;
    }

    private void receive(LinkMessage message) throws LinkFormatException {
        endpoint.received(LinkCodec.encode(message));
    }

    private static Emission frame(long number, byte[] bytes) {
        return new Emission(number, 0, new Output.FrameSent(NIC, bytes));
    }

    private static LinkMessage.Item item(int device, long ticket) {
        return new LinkMessage.Item(device, ticket, device == NIC ? Kind.FRAME : Kind.CONSOLE, new byte[60]);
    }

    @Test
    void manyOutputsWakeTheEdgeOnce() throws Exception {
        endpoint.connect();
        endpoint.live(1, new long[2]);
        sent();
        woken = 0;
        for (int i = 1; i <= 5; i++) {
            endpoint.send(1, frame(i, new byte[60]));
        }
        assertThat(woken).isZero();
        endpoint.flush();
        assertThat(woken).isEqualTo(1);
        assertThat(numbersSent()).containsExactly(1L, 2L, 3L, 4L, 5L);
    }

    @Test
    void whatTheSwitchHasNotTakenIsSentAgainOnANewConnection() throws Exception {
        endpoint.connect();
        endpoint.live(1, new long[2]);
        for (int i = 1; i <= 5; i++) {
            endpoint.send(1, frame(i, new byte[60]));
        }
        assertThat(numbersSent()).containsExactly(1L, 2L, 3L, 4L, 5L);
        receive(new LinkMessage.Welcome());
        receive(new LinkMessage.Taken(2));
        assertThat(endpoint.taken()).isEqualTo(2);
        assertThat(endpoint.delivered()).isEqualTo(2);
        endpoint.disconnect();
        assertThat(endpoint.next()).isNull();
        endpoint.connect();
        List<LinkMessage> again = sent();
        assertThat(again.get(0)).isInstanceOf(LinkMessage.Hello.class);
        assertThat(again.get(1))
                .isInstanceOfSatisfying(
                        LinkMessage.Live.class,
                        live -> assertThat(live.generation()).isEqualTo(1));
        assertThat(again.subList(again.size() - 3, again.size()))
                .allSatisfy(message -> assertThat(message).isInstanceOf(LinkMessage.Output.class));
    }

    /** A primary whose backup is lost goes on under a new generation, perhaps while its outputs wait for the socket or for a switch. */
    @Test
    void whatWaitsBelongsToTheGenerationThatGoesOn() throws Exception {
        endpoint.connect();
        endpoint.live(1, new long[2]);
        sent();
        endpoint.send(1, frame(1, new byte[60]));
        endpoint.live(2, new long[2]);
        endpoint.send(2, frame(2, new byte[60]));
        assertThat(sent())
                .filteredOn(LinkMessage.Output.class::isInstance)
                .extracting(message -> ((LinkMessage.Output) message).generation())
                .containsExactly(2L, 2L);
        endpoint.disconnect();
        endpoint.live(3, new long[2]);
        endpoint.connect();
        assertThat(sent())
                .filteredOn(LinkMessage.Output.class::isInstance)
                .extracting(message -> ((LinkMessage.Output) message).generation())
                .containsExactly(3L, 3L);
    }

    @Test
    void anItemThatCameAlreadyIsNotGivenTwice() throws Exception {
        endpoint.connect();
        endpoint.live(2, new long[] {10, 0});
        receive(new LinkMessage.Welcome());
        receive(item(NIC, 10));
        receive(item(NIC, 11));
        receive(item(NIC, 11));
        receive(item(CONSOLE, 1));
        receive(item(NIC, 13));
        assertThat(inputs).hasSize(3);
        endpoint.disconnect();
        endpoint.connect();
        assertThat(sent())
                .anySatisfy(message -> assertThat(message)
                        .isInstanceOfSatisfying(
                                LinkMessage.Live.class,
                                live -> assertThat(live.resume())
                                        .containsExactly(
                                                new LinkMessage.Resume(NIC, 13), new LinkMessage.Resume(CONSOLE, 1))));
    }

    @Test
    void aSinkWithoutRoomLosesFramesBeyondARingAndNoTypedByte() throws Exception {
        endpoint.connect();
        endpoint.live(1, new long[2]);
        receive(new LinkMessage.Welcome());
        room = false;
        for (int i = 1; i <= 1000; i++) {
            receive(item(NIC, i));
            receive(item(CONSOLE, i));
        }
        assertThat(inputs).isEmpty();
        room = true;
        endpoint.retry();
        assertThat(inputs.stream().filter(Input.ConsoleInput.class::isInstance)).hasSize(1000);
        assertThat(inputs.stream().filter(Input.FrameReceived.class::isInstance))
                .hasSize(256);
    }

    @Test
    void aPlainRunNeedsNoLogToLetItemsGo() throws Exception {
        endpoint.connect();
        endpoint.live(0, new long[2]);
        sent();
        receive(new LinkMessage.Welcome());
        receive(item(CONSOLE, 1));
        assertThat(sent()).containsExactly(new LinkMessage.Logged(CONSOLE, 1));
    }

    @Test
    void aFencedSideSendsNothingMore() throws Exception {
        endpoint.connect();
        endpoint.live(3, new long[2]);
        receive(new LinkMessage.Welcome());
        receive(new LinkMessage.Fenced(3));
        assertThat(endpoint.fencedBy()).as("its own generation").isZero();
        endpoint.send(3, frame(1, new byte[60]));
        receive(new LinkMessage.Fenced(4));
        assertThat(endpoint.fencedBy()).isEqualTo(4);
        assertThat(roomAgain).isPositive();
        endpoint.send(3, frame(2, new byte[60]));
        assertThat(sent()).isEmpty();
    }

    @Test
    void aSwitchThatTakesNothingHoldsTheMachineUpAndADeadOneDoesNot() throws Exception {
        endpoint.connect();
        endpoint.live(1, new long[2]);
        long number = 0;
        while (endpoint.canSend()) {
            endpoint.send(1, frame(++number, new byte[1500]));
        }
        assertThat(number).isBetween(1000L, 10_000L);
        endpoint.disconnect();
        assertThat(endpoint.canSend()).isTrue();
        for (int i = 0; i < 5000; i++) {
            endpoint.send(1, frame(++number, new byte[1500]));
        }
        assertThat(endpoint.lostOutputs()).isPositive();
        endpoint.connect();
        List<Long> numbers = numbersSent();
        assertThat(numbers).hasSizeLessThan(3000).isSorted().last().isEqualTo(number);
        receive(new LinkMessage.Taken(number));
        assertThat(endpoint.canSend()).isTrue();
        assertThat(endpoint.drained()).isTrue();
        assertThat(endpoint.delivered()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void framesBeforeTheWelcomeAreNobodysFault() throws Exception {
        endpoint.connect();
        endpoint.received(new byte[60]);
        byte[] broadcast = new byte[60];
        java.util.Arrays.fill(broadcast, 0, 6, (byte) -1);
        endpoint.received(broadcast);
        receive(new LinkMessage.Welcome());
        assertThatThrownBy(() -> endpoint.received(broadcast)).isInstanceOf(LinkFormatException.class);
        assertThatThrownBy(() -> receive(new LinkMessage.Typed(new byte[1]))).isInstanceOf(LinkFormatException.class);
        assertThatThrownBy(() -> receive(item(7, 1))).hasMessageContaining("a device of this machine");
        assertThatThrownBy(() -> receive(new LinkMessage.Refused("full"))).hasMessageContaining("full");
    }

    @Test
    void theAnnouncementNamesTheAddressThatTheGuestUses() throws Exception {
        GuestAddresses addresses = new GuestAddresses();
        ByteBuffer unknown = ByteBuffer.wrap(addresses.announcement(NIC, MAC));
        assertThat(unknown.getShort(12)).as("RARP").isEqualTo((short) 0x8035);
        assertThat(unknown.getShort(20)).isEqualTo((short) 3);

        ByteBuffer packet = ByteBuffer.allocate(60).putShort(12, (short) 0x0800).putInt(26, 0x0a00020f);
        addresses.observe(frame(1, packet.array()));
        addresses.observe(
                frame(2, ByteBuffer.allocate(60).putShort(12, (short) 0x0800).array()));
        addresses.observe(frame(3, new byte[14]));
        ByteBuffer arp = ByteBuffer.wrap(addresses.announcement(NIC, MAC));
        assertThat(arp.getLong(0) >>> 16).isEqualTo(0xffff_ffff_ffffL);
        assertThat(arp.getLong(6) >>> 16).isEqualTo(MAC);
        assertThat(arp.getShort(12)).as("ARP").isEqualTo((short) 0x0806);
        assertThat(arp.getShort(20)).as("request").isEqualTo((short) 1);
        assertThat(arp.getInt(28)).as("sender").isEqualTo(0x0a00020f);
        assertThat(arp.getInt(38)).as("target").isEqualTo(0x0a00020f);

        addresses.observe(frame(
                4,
                ByteBuffer.allocate(60)
                        .putShort(12, (short) 0x0806)
                        .putInt(28, 0x0a000210)
                        .array()));
        assertThat(ByteBuffer.wrap(addresses.announcement(NIC, MAC)).getInt(28)).isEqualTo(0x0a000210);
    }
}
