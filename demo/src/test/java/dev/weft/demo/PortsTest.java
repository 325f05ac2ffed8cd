package dev.weft.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortsTest {
    @Test
    void aTakenPortIsNamedWithTheOptionThatChoosesAnother() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> Ports.choose("127.0.0.1", taken.getLocalPort(), "--port"))
                    .isInstanceOf(DemoException.class)
                    .hasMessageContaining("port " + taken.getLocalPort())
                    .hasMessageContaining("--port " + (taken.getLocalPort() + 100));
        }
    }

    @Test
    void zeroBecomesAFreePort() throws Exception {
        assertThat(Ports.choose("127.0.0.1", 0, "--port")).isPositive();
    }

    @Test
    void aStrangeHostIsRefused() {
        assertThatThrownBy(() -> Ports.choose("192.0.2.1", 0, "--port"))
                .hasMessageContaining("--host 192.0.2.1 is no address of this machine");
    }
}
