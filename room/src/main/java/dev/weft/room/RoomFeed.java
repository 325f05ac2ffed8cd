package dev.weft.room;

import dev.weft.room.StreamReader.Entry;
import dev.weft.room.StreamReader.Page;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One room's entries as this process receives them, put into order and completed. The stream is the truth; what arrives by publication only
 * spares the reading of it. It is <i>live</i> while every entry published reaches it whole and next in turn. After any doubt it
 * reads the stream from the last entry delivered up to the end, and until then only notes what was published: nothing is held back, so nothing
 * has to be bounded. Doubts are: the link was lost; an entry was too large to be published whole.
 *
 * <p>A gap cannot be read again once a worker has trimmed it. Entries stay at least for {@code lifetime}, so a reading that ends within that
 * time since this feed was last sure to have everything has missed nothing; a later one may have, and the feed breaks ({@link
 * RoomListener#onBroken}). It breaks, too, if an entry is announced that the stream does not have, or one that is not above those
 * announced before: the stream was deleted, and began anew after Redis's clock had been set back.
 *
 * <p>Events come from several Redis client threads, one at a time by {@link #lock}, which is held while the listener is called and may be
 * held when {@link Subscriptions} takes its own lock, never the other way round.
 */
final class RoomFeed implements RoomSubscription {
    private static final Logger LOG = LoggerFactory.getLogger(RoomFeed.class);

    private static final String TOO_LATE = "Redis was out of reach for longer than entries are kept";

    /** A connection on which entries are published. */
    interface Link {
        /** {@link System#nanoTime} before which everything published has been received. */
        long syncedAt();
    }

    /** What a feed needs of the world. */
    interface Access {
        CompletionStage<Page> page(String stream, EntryId after, int count);

        /** The id of the stream's last entry, asked for on the current link. */
        CompletionStage<EntryId> position(String stream);

        /** Runs {@code work} after a short pause. */
        void later(Runnable work);

        long nanoTime();

        /** Whether the room was erased lately. */
        CompletionStage<Boolean> wasErased(RoomName room);

        /** The feed has ended. */
        void ended(RoomFeed feed);
    }

    private final RoomName room;
    private final String stream;
    private final RoomListener listener;
    private final Access access;
    private final long lifetimeNanos;
    private final CompletableFuture<RoomSubscription> ready = new CompletableFuture<>();
    private final ReentrantLock lock = new ReentrantLock();

    // Written with lock held.
    private volatile boolean done;

    // All that follows is guarded by lock.
    private @Nullable Link link;
    private boolean confirmed;
    private boolean positioned;
    private volatile EntryId after = EntryId.ZERO;
    private boolean reading;
    private boolean readAgain;
    private int count = StreamReader.FIRST_COUNT;

    /** Up to here everything has been delivered. */
    private EntryId last = EntryId.ZERO;

    /** Entries announced on this link have higher ids than this. */
    private EntryId announced = EntryId.ZERO;

    /** Announced while it could not be delivered: to be found by reading. */
    private EntryId wanted = EntryId.ZERO;

    /** While not live: everything appended before this moment has been delivered. */
    private long sureAt;

    RoomFeed(RoomName room, String stream, RoomListener listener, Access access, long lifetimeNanos) {
        this.room = room;
        this.stream = stream;
        this.listener = listener;
        this.access = access;
        this.lifetimeNanos = lifetimeNanos;
    }

    @Override
    public RoomName room() {
        return room;
    }

    String stream() {
        return stream;
    }

    /** Completes when the first link has confirmed and the feed knows where the stream ended then. */
    CompletionStage<RoomSubscription> ready() {
        return ready;
    }

    @Override
    public EntryId after() {
        return after;
    }

    /** Needs no lock. */
    boolean hasEnded() {
        return done;
    }

    /** The channel is about to be subscribed on this link; what other links still bring is void. */
    void linking(Link next) {
        lock.lock();
        try {
            link = next;
            confirmed = false;
            announced = last;
            wanted = EntryId.ZERO;
        } finally {
            lock.unlock();
        }
    }

    /** The link is lost. A subscription that was not ready yet fails; others wait for the next link. */
    void lost(Link old) {
        lock.lock();
        try {
            if (done || !old.equals(link)) {
                return;
            }
            if (!positioned) {
                end(new RedisUnavailableException("the connection to Redis was lost"));
                return;
            }
            if (confirmed && !reading) {
                sureAt = old.syncedAt();
            }
            confirmed = false;
            link = null;
        } finally {
            lock.unlock();
        }
    }

    /**
     * The channel has been asked for on this, the first link. Where the stream ends is asked right behind, on the same connection: so the answer is
     * of a later moment than the confirmation, and needs no way of its own to Redis and back.
     */
    void asked(Link by) {
        access.position(stream).whenComplete((end, failure) -> positioned(by, end, failure));
    }

    /** Redis has confirmed: what is appended from now on is published to this link. */
    void confirmed(Link by) {
        lock.lock();
        try {
            if (done || !by.equals(link)) {
                return;
            }
            confirmed = true;
            if (positioned) {
                if (reading) {
                    readAgain = true;
                } else {
                    read();
                }
                // That was published once, perhaps while there was no link. If it cannot be asked, an append will tell.
                access.wasErased(room).whenComplete((erased, failure) -> missed(by, Boolean.TRUE.equals(erased)));
            }
        } finally {
            lock.unlock();
        }
    }

    private void missed(Link by, boolean erased) {
        lock.lock();
        try {
            if (!done && erased && by.equals(link)) {
                erased();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Something was published. */
    void accept(Link from, Envelope envelope) {
        lock.lock();
        try {
            if (done || !from.equals(link)) {
                return;
            }
            switch (envelope) {
                case Envelope.Presence presence -> {
                    if (positioned) {
                        deliver(() -> listener.onAwareness(presence.message()));
                    }
                }
                case Envelope.Erased erased -> erased();
                case Envelope.Whole entry -> announced(from, entry.id(), entry.message());
                case Envelope.Announced entry -> announced(from, entry.id(), null);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends it with {@link RoomListener#onBroken}. */
    void broken(String reason) {
        lock.lock();
        try {
            if (done) {
                return;
            }
            boolean wasReady = positioned;
            end(new RedisUnavailableException(reason));
            if (wasReady) {
                deliver(() -> listener.onBroken(reason));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Ends it with {@link RoomListener#onErased}. With lock held. */
    private void erased() {
        boolean wasReady = positioned;
        end(new RedisUnavailableException("the room was erased"));
        if (wasReady) {
            deliver(listener::onErased);
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (!done) {
                end(new RedisUnavailableException("the subscription was closed"));
            }
        } finally {
            lock.unlock();
        }
    }

    private void positioned(Link by, @Nullable EntryId end, @Nullable Throwable failure) {
        lock.lock();
        try {
            if (done || !by.equals(link)) {
                return;
            }
            if (end == null || !confirmed) {
                end(failure == null ? new RedisUnavailableException("no position") : Replies.unavailable(failure));
                return;
            }
            positioned = true;
            last = end;
            after = end;
            ready.complete(this);
            if (!done && wanted.isAfter(last)) {
                doubt(by);
            }
        } finally {
            lock.unlock();
        }
    }

    private void announced(Link from, EntryId id, byte @Nullable [] message) {
        if (!id.isAfter(announced)) {
            broken("entry " + id + " came after " + announced + ": the room's stream began anew");
            return;
        }
        announced = id;
        if (!positioned || reading) {
            wanted = id;
        } else if (id.isAfter(last)) {
            if (message != null) {
                deliver(id, message);
            } else {
                wanted = id;
                doubt(from);
            }
        }
    }

    private void doubt(Link cause) {
        sureAt = cause.syncedAt();
        read();
    }

    private void read() {
        reading = true;
        readAgain = false;
        EntryId found = wanted;
        long sentAt = access.nanoTime();
        access.page(stream, last, count).whenComplete((page, failure) -> {
            lock.lock();
            try {
                if (done) {
                    return;
                }
                if (page == null) {
                    readFailed();
                } else {
                    read(page, found, sentAt);
                }
            } finally {
                lock.unlock();
            }
        });
    }

    private void readFailed() {
        if (isTooLate()) {
            broken(TOO_LATE);
            return;
        }
        access.later(() -> {
            lock.lock();
            try {
                if (!done) {
                    read();
                }
            } finally {
                lock.unlock();
            }
        });
    }

    /** {@code found} is what the page must have reached if it was the last, having been announced before it was asked for. */
    private void read(Page page, EntryId found, long sentAt) {
        for (Entry entry : page.entries()) {
            if (entry.id().isAfter(last)) {
                deliver(entry.id(), entry.message());
                if (done) {
                    return;
                }
            }
        }
        count = page.nextCount();
        if (!page.atEnd()) {
            read();
            return;
        }
        if (isTooLate()) {
            broken(TOO_LATE);
            return;
        }
        if (found.isAfter(last)) {
            broken("entry " + found + " was announced and is not in the room's stream");
            return;
        }
        sureAt = sentAt;
        if (confirmed && (readAgain || wanted.isAfter(last))) {
            read();
        } else {
            reading = false;
            count = StreamReader.FIRST_COUNT;
        }
    }

    private boolean isTooLate() {
        // A tenth is left for clocks that do not run alike, and for the way of the answer.
        return access.nanoTime() - sureAt >= lifetimeNanos - lifetimeNanos / 10;
    }

    private void deliver(EntryId id, byte[] message) {
        last = id;
        // An older implementation kept presence in streams, too; that is of no use any more.
        if (message.length > 2 && message[0] == 0 && message[1] == 2) {
            deliver(() -> listener.onUpdate(id, message));
        }
    }

    private void deliver(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException e) {
            LOG.error("the listener of room '{}' failed", room.value(), e);
        }
    }

    private void end(RedisUnavailableException reason) {
        done = true;
        ready.completeExceptionally(reason);
        access.ended(this);
    }
}
