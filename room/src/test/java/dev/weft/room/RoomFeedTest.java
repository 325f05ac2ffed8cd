package dev.weft.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.room.StreamReader.Entry;
import dev.weft.room.StreamReader.Page;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Order and gaps, against a Redis that is played: every answer and publication comes when the test says so. */
class RoomFeedTest {
    private static final long LIFETIME = TimeUnit.SECONDS.toNanos(60);

    private final PlayedRedis redis = new PlayedRedis();
    private final RecordingListener listener = new RecordingListener();
    private final RoomFeed feed = new RoomFeed(new RoomName("room"), "stream", listener, redis, LIFETIME);

    @Test
    void entriesBeforeTheSubscriptionAreNotDelivered() {
        redis.append(false);
        subscribe();
        redis.append(false);
        redis.publishAll();
        assertThat(listener.ids()).containsExactly(id(2));
    }

    @Test
    void entryPublishedBeforeThePositionWasKnownIsNotDeliveredTwice() {
        feed.linking(redis.link);
        redis.connect();
        redis.append(false);
        feed.asked(redis.link);
        feed.confirmed(redis.link);
        redis.answerAll();
        redis.publishAll();
        redis.append(false);
        redis.publishAll();
        assertThat(listener.ids()).containsExactly(id(2));
        assertThat(listener.broken()).isEmpty();
    }

    @Test
    void positionThatComesBeforeTheConfirmationIsNoGround() {
        feed.linking(redis.link);
        redis.connect();
        feed.asked(redis.link);
        redis.answerAll();
        assertThat(feed.ready()).isCompletedExceptionally();
        assertThat(feed.hasEnded()).isTrue();
    }

    @Test
    void laterEntriesWaitForALargeOne() {
        subscribe();
        redis.append(true);
        redis.append(false);
        redis.publishAll();
        redis.append(false);
        redis.publishAll();
        assertThat(listener.ids()).isEmpty();
        redis.answerAll();
        assertThat(listener.ids()).containsExactly(id(1), id(2), id(3));
    }

    @Test
    void whatWasMissedIsReadAfterTheLinkIsBack() {
        subscribe();
        redis.append(false);
        redis.publishAll();
        redis.disconnect();
        redis.append(false);
        redis.append(true);
        redis.now += LIFETIME / 2;
        reconnect();
        redis.append(false);
        redis.answerAll();
        redis.publishAll();
        redis.answerAll();
        assertThat(listener.ids()).containsExactly(id(1), id(2), id(3), id(4));
        assertThat(listener.broken()).isEmpty();
    }

    @Test
    void outageLongerThanEntriesAreKeptBreaksTheFeed() {
        subscribe();
        redis.disconnect();
        redis.now += LIFETIME;
        reconnect();
        redis.answerAll();
        assertThat(listener.broken()).singleElement().asString().contains("out of reach for longer");
        redis.append(false);
        redis.publishAll();
        assertThat(listener.ids()).isEmpty();
        assertThat(feed.hasEnded()).isTrue();
    }

    @Test
    void erasedRoomEndsTheFeed() {
        subscribe();
        feed.accept(redis.link, new Envelope.Erased());
        redis.append(false);
        redis.publishAll();
        assertThat(listener.erased()).isOne();
        assertThat(listener.ids()).isEmpty();
        assertThat(feed.hasEnded()).isTrue();
    }

    @Test
    void roomErasedWhileTheLinkWasLostIsHeardOfOnTheNextOne() {
        subscribe();
        redis.disconnect();
        redis.erased = true;
        reconnect();
        assertThat(listener.erased()).isOne();
        assertThat(feed.hasEnded()).isTrue();
    }

    @Test
    void readsThatFailAreTriedAgainUntilItIsTooLate() {
        subscribe();
        redis.append(true);
        redis.publishAll();
        redis.failAll();
        redis.failAll();
        redis.answerAll();
        assertThat(listener.ids()).containsExactly(id(1));
        redis.append(true);
        redis.publishAll();
        redis.now += LIFETIME;
        redis.failAll();
        assertThat(listener.broken()).singleElement().asString().contains("out of reach for longer");
    }

    @Test
    void announcedEntryThatIsGoneBreaksTheFeed() {
        subscribe();
        redis.append(true);
        redis.trim();
        redis.publishAll();
        redis.answerAll();
        assertThat(listener.broken()).singleElement().asString().contains("is not in the room's stream");
    }

    @Test
    void streamThatBeganAnewWithLowerIdsBreaksTheFeed() {
        subscribe();
        redis.append(false);
        redis.append(false);
        redis.publishAll();
        redis.trim();
        redis.lastId = 1;
        redis.append(false);
        redis.publishAll();
        assertThat(listener.broken()).singleElement().asString().contains("began anew");
    }

    @Test
    void linkThatIsLostBeforeTheConfirmationFailsTheSubscription() {
        feed.linking(redis.link);
        feed.lost(redis.link);
        assertThatThrownBy(() -> feed.ready().toCompletableFuture().join())
                .hasCauseInstanceOf(RedisUnavailableException.class);
        assertThat(feed.hasEnded()).isTrue();
    }

    @Test
    void nothingIsDeliveredAfterClose() {
        subscribe();
        redis.append(true);
        redis.publishAll();
        feed.close();
        redis.answerAll();
        redis.append(false);
        redis.publishAll();
        assertThat(listener.ids()).isEmpty();
        assertThat(listener.broken()).isEmpty();
    }

    @Test
    void presenceAmongEntriesOfAnOldStreamIsPassedOver() {
        subscribe();
        redis.appendAwareness();
        redis.append(false);
        redis.publishAll();
        assertThat(listener.ids()).containsExactly(id(2));
    }

    /** Random appends, publications, answers, failures and losses of the link: each entry once, in order, none missing. */
    @RepeatedTest(300)
    void everyEntryIsDeliveredOnceAndInOrder() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        subscribe();
        for (int i = 0; i < 200; i++) {
            switch (random.nextInt(10)) {
                case 0, 1, 2, 3 -> redis.append(random.nextInt(4) == 0);
                case 4, 5 -> redis.publishOne();
                case 6, 7 -> redis.answerOne();
                case 8 -> redis.failOne();
                default -> {
                    if (random.nextInt(3) == 0) {
                        if (redis.connected) {
                            redis.disconnect();
                        } else {
                            reconnect();
                        }
                    }
                }
            }
        }
        if (!redis.connected) {
            reconnect();
        }
        redis.settle();
        List<EntryId> all = new ArrayList<>();
        for (int i = 1; i <= redis.lastId; i++) {
            all.add(id(i));
        }
        assertThat(listener.ids()).as("seed %d", seed).isEqualTo(all);
        assertThat(listener.broken()).as("seed %d", seed).isEmpty();
    }

    private void subscribe() {
        feed.linking(redis.link);
        redis.connect();
        feed.asked(redis.link);
        feed.confirmed(redis.link);
        redis.answerAll();
        assertThat(feed.ready()).isCompleted();
    }

    private void reconnect() {
        redis.link = redis.newLink();
        feed.linking(redis.link);
        redis.connect();
        feed.confirmed(redis.link);
    }

    private static EntryId id(long number) {
        return new EntryId(number, 0);
    }

    private final class PlayedRedis implements RoomFeed.Access {
        private final List<Entry> stream = new ArrayList<>();
        private final Deque<Envelope> published = new ArrayDeque<>();
        private final Deque<Runnable> answers = new ArrayDeque<>();
        private final Deque<Runnable> failures = new ArrayDeque<>();
        private RoomFeed.Link link = newLink();
        private boolean connected;
        private boolean erased;
        private long lastId;
        private long now = TimeUnit.HOURS.toNanos(1);

        RoomFeed.Link newLink() {
            return () -> now;
        }

        void connect() {
            connected = true;
        }

        void disconnect() {
            connected = false;
            published.clear();
            feed.lost(link);
        }

        void append(boolean large) {
            Entry entry = new Entry(id(++lastId), new byte[] {0, 2, 2, 0, 0});
            stream.add(entry);
            if (connected) {
                published.add(
                        large ? new Envelope.Announced(entry.id()) : new Envelope.Whole(entry.id(), entry.message()));
            }
        }

        void appendAwareness() {
            Entry entry = new Entry(id(++lastId), new byte[] {1, 1, 0});
            stream.add(entry);
            published.add(new Envelope.Whole(entry.id(), entry.message()));
        }

        void trim() {
            stream.clear();
        }

        void publishOne() {
            if (!published.isEmpty()) {
                feed.accept(link, published.remove());
            }
        }

        void publishAll() {
            while (!published.isEmpty()) {
                publishOne();
            }
        }

        void answerOne() {
            if (!answers.isEmpty()) {
                failures.remove();
                answers.remove().run();
            }
        }

        void answerAll() {
            while (!answers.isEmpty()) {
                answerOne();
            }
        }

        void failOne() {
            if (!answers.isEmpty()) {
                answers.remove();
                failures.remove().run();
            }
        }

        void failAll() {
            int count = answers.size();
            for (int i = 0; i < count; i++) {
                failOne();
            }
        }

        void settle() {
            while (!published.isEmpty() || !answers.isEmpty()) {
                publishAll();
                answerAll();
            }
        }

        @Override
        public CompletionStage<Page> page(String key, EntryId after, int count) {
            // What Redis read when it was asked, which it tells later.
            List<Entry> found = stream.stream()
                    .filter(entry -> entry.id().isAfter(after))
                    .limit(3)
                    .toList();
            CompletableFuture<Page> answer = new CompletableFuture<>();
            answers.add(() -> answer.complete(new Page(found, found.size() < 3, 3)));
            failures.add(() -> answer.completeExceptionally(new RedisUnavailableException("played")));
            return answer;
        }

        @Override
        public CompletionStage<EntryId> position(String key) {
            CompletableFuture<EntryId> answer = new CompletableFuture<>();
            EntryId last = stream.isEmpty() ? EntryId.ZERO : stream.getLast().id();
            answers.add(() -> answer.complete(last));
            failures.add(() -> answer.completeExceptionally(new RedisUnavailableException("played")));
            return answer;
        }

        @Override
        public CompletionStage<Boolean> wasErased(RoomName room) {
            return CompletableFuture.completedFuture(erased);
        }

        @Override
        public void later(Runnable work) {
            work.run();
        }

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void ended(RoomFeed ended) {
            assertThat(ended).isSameAs(feed);
        }
    }
}
