package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.yjs.AwarenessState;
import dev.weft.yjs.Message;
import dev.weft.yjs.Updates;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class OutboxTest {
    private static final int LIMIT = 65_536;

    private final FakeBackend backend = new FakeBackend();
    private final Queue<Runnable> elsewhere = new ArrayDeque<>();
    private final Node node =
            TestNode.of(backend, elsewhere::add, Map.of("MAX_BACKLOG_BYTES", Integer.toString(LIMIT)));
    private final List<ByteBuf> made = new ArrayList<>();
    private final List<byte[]> given = new ArrayList<>();
    private final List<byte[]> received = new ArrayList<>();
    private final Owner owner = new Owner();
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter() {
        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            outbox().pump();
        }
    });
    private final Outbox outbox = new Outbox(channel, node, owner, false);

    @AfterEach
    void everyBufferIsReleased() {
        outbox.close();
        elsewhere.forEach(Runnable::run);
        channel.finishAndReleaseAll();
        assertThat(made).allSatisfy(buffer -> assertThat(buffer.refCnt()).isZero());
    }

    @Test
    void whatTheSocketTakesGoesThereAsItIs() {
        ByteBuf frame = update(1, 0, "a");
        outbox.send(frame);
        outbox.send(update(1, 1, "b"));
        ByteBuf sent = channel.readOutbound();
        assertThat(sent).isSameAs(frame);
        sent.release();
        assertThat(sent()).containsExactly("update");
        assertThat(outbox.isIdle()).isTrue();
    }

    @Test
    void pileGoesAsOneUpdateAndOnePresenceWhenTheSocketTakesMore() {
        writable(false);
        for (int clock = 0; clock < 50; clock++) {
            outbox.send(update(1, clock, "x"));
            outbox.send(presence(7, clock + 1, "{\"at\":" + clock + "}"));
        }
        outbox.send(presence(8, 3, "{}"));
        outbox.send(frame(new Message.PermissionDenied("no")));
        assertThat(sent()).isEmpty();
        assertThat(outbox.isIdle()).isFalse();
        writable(true);
        assertThat(sent()).containsExactly("update", "presence 7@50:{\"at\":49} 8@3:{}", "denied no");
        assertThat(outbox.isIdle()).isTrue();
        assertThatAllArrived();
    }

    @Test
    void framesOfOneTickArePiledFrameByFrame() {
        writable(false);
        outbox.send(tick(TestUpdates.typed(1, 0, "a"), TestUpdates.typed(1, 1, "b")));
        outbox.send(tick(TestUpdates.typed(1, 2, "c"), TestUpdates.typed(1, 3, "d".repeat(300))));
        writable(true);
        assertThat(sent()).containsExactly("update");
        assertThatAllArrived();
    }

    @Test
    void answerIsPulledAsTheSocketTakesItAndWhatIsSentMeanwhileFollows() {
        CountedAnswer answer = new CountedAnswer(40_000, 40_000, 40_000, 40_000);
        writable(false);
        outbox.answer(answer);
        outbox.send(update(1, 0, "a"));
        outbox.send(update(1, 1, "b"));
        assertThat(answer.taken).isZero();
        assertThat(outbox.isAnswering()).isTrue();
        writable(true);
        assertThat(answer.taken).isEqualTo(4);
        assertThat(answer.closed).isTrue();
        assertThat(owner.answered).isEqualTo(1);
        assertThat(sent()).containsExactly("step 2", "step 2", "step 2", "step 2", "update");
        assertThatAllArrived();
    }

    /** However large the answer: no more of it than the socket's buffer holds is taken ahead of time. */
    @Test
    void answerStopsWhenTheSocketIsFull() {
        CountedAnswer answer = new CountedAnswer(40_000, 40_000, 40_000, 40_000);
        answer.afterEach = () -> {
            if (answer.taken == 2) {
                writable(false);
            }
        };
        outbox.answer(answer);
        assertThat(answer.taken).isEqualTo(2);
        assertThat(outbox.isIdle()).isFalse();
        writable(true);
        assertThat(answer.taken).isEqualTo(4);
        assertThat(sent()).hasSize(4);
    }

    @Test
    void answersDoNotCountAsBacklog() {
        writable(false);
        outbox.answer(new CountedAnswer(10 * LIMIT));
        outbox.send(update(1, 0, "a"));
        outbox.send(update(1, 1, "b"));
        assertThat(owner.cutOff).isNull();
        writable(true);
        assertThat(sent()).hasSize(2);
    }

    @Test
    void brokenAnswerEndsTheConnectionRetryable() {
        outbox.answer(new Answer() {
            @Override
            public @Nullable ByteBuf next() {
                throw new IllegalStateException("broken");
            }

            @Override
            public void close() {}
        });
        assertThat(owner.cutOff).isEqualTo(CloseReason.TRY_AGAIN);
    }

    @Test
    void pileBeyondTheLimitBecomesOneDifference() {
        writable(false);
        // Some eight times the limit on the wire, a few kilobytes as one update and the last state.
        for (int clock = 0; clock < 5_000; clock++) {
            outbox.send(presence(7, clock + 1, "\"" + "x".repeat(80) + "\""));
            if (clock % 20 == 0) {
                outbox.send(update(1, clock / 20, "x"));
            }
            work();
        }
        assertThat(owner.cutOff).isNull();
        writable(true);
        work();
        // What was merged last, and what came behind that.
        assertThat(sent()).hasSize(4).endsWith("presence 7@5000:\"" + "x".repeat(80) + "\"");
        assertThatAllArrived();
    }

    @Test
    void whatDoesNotBecomeLessIsTooMuch() {
        writable(false);
        int bytes = 0;
        while (owner.cutOff == null) {
            outbox.send(update(1, bytes, "x".repeat(10_000)));
            bytes += 10_000;
            work();
            assertThat(bytes).isLessThan(2 * LIMIT);
        }
        assertThat(owner.cutOff).isEqualTo(CloseReason.TOO_SLOW);
        assertThat(bytes).isGreaterThan(LIMIT);
    }

    @Test
    void messageLargerThanTheLimitPasses() {
        writable(false);
        outbox.send(update(1, 0, "x".repeat(2 * LIMIT)));
        assertThat(owner.cutOff).isNull();
        writable(true);
        assertThat(sent()).containsExactly("update");
        assertThatAllArrived();
    }

    @Test
    void largePilesAreMergedElsewhereWhileMoreComes() {
        writable(false);
        for (int i = 0; i < 4; i++) {
            outbox.send(update(1, i * 5_000L, "x".repeat(5_000)));
        }
        writable(true);
        assertThat(sent()).isEmpty();
        assertThat(elsewhere).hasSize(1);
        outbox.send(update(1, 20_000, "y"));
        work();
        // It does not wait for what came behind it, or a busy room would never let it go.
        assertThat(sent()).containsExactly("update", "update");
        assertThat(outbox.isIdle()).isTrue();
        assertThatAllArrived();
    }

    @Test
    void whatCannotBeMergedGoesAsItIs() {
        writable(false);
        for (int i = 0; i < 4; i++) {
            outbox.send(update(1, i * 5_000L, "x".repeat(5_000)));
        }
        backend.computeFailure = new RejectedExecutionException("too much waits");
        writable(true);
        work();
        assertThat(sent()).containsExactly("update", "update", "update", "update");
        assertThatAllArrived();
    }

    @Test
    void endDuringAMergeLosesNoBuffer() {
        writable(false);
        for (int i = 0; i < 4; i++) {
            outbox.send(update(1, i * 5_000L, "x".repeat(5_000)));
        }
        writable(true);
        outbox.answer(new CountedAnswer(10));
        outbox.close();
        outbox.send(update(1, 20_000, "y"));
        CountedAnswer late = new CountedAnswer(10);
        outbox.answer(late);
        assertThat(late.closed).isTrue();
        work();
        assertThat(sent()).containsExactly("step 2");
    }

    private Outbox outbox() {
        return outbox;
    }

    private void writable(boolean writable) {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, writable);
        channel.runPendingTasks();
    }

    private void assertThatAllArrived() {
        assertThat(Updates.merge(received)).isEqualTo(Updates.merge(given));
    }

    private void work() {
        Runnable task;
        while ((task = elsewhere.poll()) != null) {
            task.run();
            channel.runPendingTasks();
        }
    }

    private ByteBuf update(long client, long clock, String text) {
        byte[] update = TestUpdates.typed(client, clock, text);
        given.add(update);
        return frame(new Message.Update(update));
    }

    private ByteBuf presence(long client, long clock, String json) {
        return frame(new Message.Awareness(
                List.of(new AwarenessState(client, clock, json.getBytes(StandardCharsets.UTF_8)))));
    }

    private ByteBuf frame(Message message) {
        return kept(Frames.binary(ByteBufAllocator.DEFAULT, message.encode()));
    }

    private ByteBuf tick(byte[]... updates) {
        List<byte[]> messages = new ArrayList<>();
        for (byte[] update : updates) {
            given.add(update);
            messages.add(Message.updateFrame(update));
        }
        return kept(Frames.binary(ByteBufAllocator.DEFAULT, messages));
    }

    private ByteBuf kept(ByteBuf buffer) {
        made.add(buffer);
        return buffer;
    }

    /** What went to the socket since the last call, in words. */
    private List<String> sent() {
        List<byte[]> payloads = new ArrayList<>();
        ByteBuf buffer;
        while ((buffer = channel.readOutbound()) != null) {
            Frames.payloads(buffer, payloads);
            buffer.release();
        }
        return payloads.stream().map(this::words).toList();
    }

    private String words(byte[] payload) {
        return switch (Message.decode(payload)) {
            case Message.Update update -> {
                received.add(update.update());
                yield "update";
            }
            case Message.SyncStep2 step -> "step 2";
            case Message.Awareness awareness -> {
                StringBuilder text = new StringBuilder("presence");
                awareness
                        .states()
                        .forEach(state -> text.append(' ')
                                .append(state.client())
                                .append('@')
                                .append(state.clock())
                                .append(':')
                                .append(new String(state.json(), StandardCharsets.UTF_8)));
                yield text.toString();
            }
            case Message.PermissionDenied denied -> "denied " + denied.reason();
            default -> "something else";
        };
    }

    private final class CountedAnswer implements Answer {
        private final Queue<ByteBuf> left = new ArrayDeque<>();
        private Runnable afterEach = () -> {};
        private int taken;
        private boolean closed;

        private CountedAnswer(int... sizes) {
            for (int size : sizes) {
                left.add(frame(new Message.SyncStep2(TestUpdates.typed(1, 0, "x".repeat(size)))));
            }
        }

        @Override
        public @Nullable ByteBuf next() {
            ByteBuf next = left.poll();
            if (next != null) {
                taken++;
                afterEach.run();
            }
            return next;
        }

        @Override
        public void close() {
            closed = true;
            left.forEach(ByteBuf::release);
            left.clear();
        }
    }

    private final class Owner implements Outbox.Owner {
        private @Nullable CloseReason cutOff;
        private int answered;

        @Override
        public void cutOff(CloseReason reason, String detail) {
            cutOff = reason;
            outbox.close();
        }

        @Override
        public void answered() {
            answered++;
        }
    }
}
