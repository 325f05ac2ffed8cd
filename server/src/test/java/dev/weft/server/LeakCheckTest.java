package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

class LeakCheckTest {
    @Test
    void lostBufferIsFound() {
        lose();
        await().untilAsserted(() -> assertThat(LeakCheck.found()).isNotEmpty());
    }

    private static void lose() {
        assertThat(ByteBufAllocator.DEFAULT.buffer(100).writeInt(1).readableBytes())
                .isEqualTo(4);
    }
}
