package dev.weft.server;

import dev.weft.room.RoomName;
import dev.weft.yjs.AwarenessState;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A room's presence on its way to Redis: the first state after a quiet time at once, others gathered for the room's {@linkplain
 * ServerSettings.Rates#presenceNanos presence interval} and published together, the latest of each client. One publication is under way at a
 * time, so they keep their order, and a slow Redis gets fewer and larger ones. The last state always arrives. Confined to the room's home.
 */
final class Announcements {
    /** Publications are made of so many bytes, or of one state. Redis takes no more than a mebibyte at once. */
    private static final int MAX_BYTES = 256 << 10;

    private final RoomName room;
    private final EventLoop home;
    private final Node node;
    private final Pace pace;
    private final LatestStates gathered = new LatestStates();
    /** Completes when what is gathered now was published. */
    private CompletableFuture<Void> published = new CompletableFuture<>();

    private boolean publishing;
    private long gathersFor;

    Announcements(RoomName room, EventLoop home, Node node) {
        this.room = room;
        this.home = home;
        this.node = node;
        pace = new Pace(home, node.clock(), this::publish);
    }

    /**
     * Publishes states.
     *
     * @param interval nanoseconds to gather for, if something was published before that
     * @return completes when they were published, or something that supersedes them was; even if that failed
     */
    CompletionStage<Void> add(List<AwarenessState> states, long interval) {
        gathered.addAll(states);
        node.metrics().supersededPresence(gathered.superseded());
        gathersFor = interval;
        CompletionStage<Void> result = published;
        settle();
        return result;
    }

    /** As {@link #add}, for those who left: nobody waits for it. */
    void withdraw(List<AwarenessState> left, long interval) {
        gathered.addAll(left);
        gathersFor = interval;
        settle();
    }

    /** Whatever is gathered leaves now, or behind what is under way. */
    void flush() {
        gathersFor = 0;
        settle();
    }

    private void settle() {
        if (!publishing && !gathered.isEmpty()) {
            pace.due(gathered.bytes() > MAX_BYTES ? 0 : gathersFor);
        }
    }

    private void publish() {
        pace.departed();
        publishing = true;
        List<AwarenessState> states = gathered.take(MAX_BYTES);
        boolean partly = !gathered.isEmpty();
        CompletableFuture<Void> done = published;
        if (!partly) {
            published = new CompletableFuture<>();
        }
        CompletionStage<Void> stage;
        try {
            stage = node.backend().publishAwareness(room, states);
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedFuture(e);
        }
        stage.whenComplete((result, error) -> {
            if (error != null) {
                node.log().warn("presence could not be published", String.valueOf(error));
            }
            try {
                home.execute(() -> published(partly ? null : done));
            } catch (RejectedExecutionException e) {
                // The server has stopped: nobody is left to be told.
                done.complete(null);
            }
        });
    }

    private void published(@Nullable CompletableFuture<Void> done) {
        publishing = false;
        if (done == null) {
            gathersFor = 0;
        } else {
            done.complete(null);
        }
        settle();
    }
}
