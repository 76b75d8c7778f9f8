package hartbeat.proof;

import static org.assertj.core.api.Assertions.assertThat;

import hartbeat.proof.guest.ServiceModel;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** The client's model against a guest that is played here. */
final class ServiceModelTest {
    private static final byte[] GUEST = {2, 0, 0, 0, 0, 1};
    private static final byte[] CLIENT = {2, 0, 0, 0, 0, 2};
    private static final int ETH_BYTES = 14;

    private final ServiceModel model = new ServiceModel(GUEST, CLIENT);
    private int count;
    private int hash = (int) 2_166_136_261L;

    private byte[] request() {
        return model.request(new byte[] {1, 2, 3});
    }

    /** What the guest answers. */
    private byte[] served(byte[] request) {
        for (int i = ETH_BYTES; i < request.length; i++) {
            hash = (hash ^ request[i] & 0xff) * 16_777_619;
        }
        count++;
        int number = ByteBuffer.wrap(request).order(ByteOrder.LITTLE_ENDIAN).getInt(ETH_BYTES);
        return ByteBuffer.allocate(ETH_BYTES + 20)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(CLIENT)
                .put(GUEST)
                .put((byte) 0x88)
                .put((byte) 0xb5)
                .putInt(number)
                .putInt(count)
                .putInt(hash)
                .putInt(0)
                .putInt(count % 16)
                .array();
    }

    @Test
    void answersInOrderAreRight() {
        byte[] first = request();
        byte[] second = request();
        byte[] answer = served(first);
        assertThat(model.concerns(answer)).isTrue();
        assertThat(model.answer(answer)).isEqualTo(1);
        assertThat(model.answer(served(second))).isEqualTo(2);
        assertThat(model.complaints()).isEmpty();
        assertThat(model.open()).isZero();
        assertThat(model.diskViolations(new byte[64 * 512]))
                .as("an answered request has a record on the disk")
                .hasSize(2);
    }

    @Test
    void aLostAnswerIsSeen() {
        served(request());
        model.answer(served(request()));
        assertThat(model.complaints()).isNotEmpty();
    }

    @Test
    void aRepeatedAnswerIsSeen() {
        byte[] answer = served(request());
        model.answer(answer);
        model.answer(answer);
        assertThat(model.complaints()).singleElement().asString().contains("came twice");
    }

    @Test
    void aRequestThatTheGuestHasTwiceIsSeen() {
        byte[] request = request();
        served(request);
        model.answer(served(request));
        assertThat(model.complaints()).singleElement().asString().contains("expected=count 1");
    }

    @Test
    void whatABrokenNetworkLosesOrRepeatsIsNoFault() {
        byte[] answered = served(request());
        model.answer(answered);
        request();
        served(request());
        model.mayLose();
        model.answer(served(request()));
        model.answer(answered);
        assertThat(model.complaints()).isEmpty();
        assertThat(model.open()).isZero();
    }

    @Test
    void aBrokenNetworkExcusesNoWrongHistory() {
        byte[] lost = request();
        model.mayLose();
        byte[] second = request();
        served(second);
        model.answer(served(lost));
        assertThat(model.complaints()).isNotEmpty();
    }
}
