package hartbeat.tools.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class CableRelayTest {
    private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();
    private static final int PATIENCE_MILLIS = 10_000;
    private static final int SILENCE_MILLIS = 200;

    private ServerSocket primary;
    private DatagramSocket heartbeats;
    private CableRelay cable;

    @BeforeEach
    void lay() throws IOException {
        primary = new ServerSocket(0, 1, LOOPBACK);
        heartbeats = new DatagramSocket(primary.getLocalPort(), LOOPBACK);
        heartbeats.setSoTimeout(PATIENCE_MILLIS);
        cable = new CableRelay(0, new InetSocketAddress(LOOPBACK, primary.getLocalPort()));
    }

    @AfterEach
    void takeUp() throws IOException {
        cable.close();
        heartbeats.close();
        primary.close();
    }

    @Test
    void bytesPassBothWaysUntilItIsCut() throws IOException {
        try (Socket backup = new Socket(LOOPBACK, cable.port());
                Socket accepted = primary.accept()) {
            backup.getOutputStream().write(1);
            assertThat(accepted.getInputStream().read()).isEqualTo(1);
            accepted.getOutputStream().write(2);
            assertThat(backup.getInputStream().read()).isEqualTo(2);

            cable.cut();
            backup.getOutputStream().write(3);
            accepted.setSoTimeout(SILENCE_MILLIS);
            assertThatThrownBy(() -> accepted.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
        }
    }

    @Test
    void theEndOfOneSideIsTheEndOfTheOther() throws IOException {
        try (Socket backup = new Socket(LOOPBACK, cable.port())) {
            backup.setSoTimeout(PATIENCE_MILLIS);
            primary.accept().close();
            assertThat(backup.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void datagramsPassBothWaysUntilItIsCut() throws IOException {
        try (DatagramSocket backup = new DatagramSocket(0, LOOPBACK)) {
            backup.setSoTimeout(PATIENCE_MILLIS);
            InetSocketAddress toCable = new InetSocketAddress(LOOPBACK, cable.port());
            backup.send(new DatagramPacket(new byte[] {7}, 1, toCable));
            DatagramPacket seen = new DatagramPacket(new byte[16], 16);
            heartbeats.receive(seen);
            assertThat(seen.getData()[0]).isEqualTo((byte) 7);

            heartbeats.send(new DatagramPacket(new byte[] {8}, 1, seen.getSocketAddress()));
            DatagramPacket answer = new DatagramPacket(new byte[16], 16);
            backup.receive(answer);
            assertThat(answer.getData()[0]).isEqualTo((byte) 8);

            cable.cut();
            heartbeats.setSoTimeout(SILENCE_MILLIS);
            backup.send(new DatagramPacket(new byte[] {9}, 1, toCable));
            assertThatThrownBy(() -> heartbeats.receive(seen)).isInstanceOf(SocketTimeoutException.class);
        }
    }
}
