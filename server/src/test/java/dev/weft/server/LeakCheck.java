package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails a test class in which a buffer was lost before it was released. The build runs tests with leak detection at paranoid. */
public final class LeakCheck implements AfterAllCallback {
    private static final int COLLECTIONS = 3;
    private static final Queue<String> LEAKS = new ConcurrentLinkedQueue<>();

    static {
        ByteBufUtil.setLeakListener((type, records) -> LEAKS.add(type + ": " + records));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        assertThat(found()).as("buffers that were never released").isEmpty();
    }

    /** What was found since the last call. */
    static Queue<String> found() {
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            // Netty looks for lost buffers when it makes new ones.
            ByteBuf buffer = PooledByteBufAllocator.DEFAULT.buffer();
            buffer.release();
        }
        Queue<String> found = new ConcurrentLinkedQueue<>(LEAKS);
        LEAKS.clear();
        return found;
    }
}
