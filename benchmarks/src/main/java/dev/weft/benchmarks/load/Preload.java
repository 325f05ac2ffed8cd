package dev.weft.benchmarks.load;

import dev.weft.yjs.StateVector;
import dev.weft.yjs.Updates;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Brings a document to a server as somebody does who has written offline: in answer to the server's step 1. Servers without storage keep it while
 * the one who brought it stays.
 */
final class Preload {
    private static final long PATIENCE = TimeUnit.MINUTES.toNanos(2);
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(100);

    private Preload() {}

    /** The client that brought it, and is in the room. */
    static RoomClient bring(Session session, String room, byte[] document) {
        session.progress().say("bringing a document of " + document.length + " bytes");
        Dialer dialer = session.dialer();
        StateVector have = Updates.stateVector(document);
        RoomClient holder = dialer.join(
                        dialer.senders(),
                        room,
                        Greeting.having(have, vector -> Updates.diff(document, vector)),
                        RoomListener.NONE)
                .join();
        holder.answered().orTimeout(1, TimeUnit.MINUTES).join();
        long start = System.nanoTime();
        while (!arrived(dialer, room, have)) {
            if (System.nanoTime() - start > PATIENCE) {
                throw new LoadException("the server has not taken the document in two minutes"
                        + holder.ended().map(why -> ": " + why).orElse(""));
            }
            java.util.concurrent.locks.LockSupport.parkNanos(PAUSE);
        }
        return holder;
    }

    /** Whether the server says in its step 1 to a newcomer, or in its step 2, that it has all. */
    private static boolean arrived(Dialer dialer, String room, StateVector expected) {
        CompletableFuture<StateVector> serverHas = new CompletableFuture<>();
        RoomClient asking = dialer.join(
                        dialer.senders(),
                        room,
                        Greeting.having(expected, vector -> {
                            serverHas.complete(vector);
                            return Updates.empty();
                        }),
                        RoomListener.NONE)
                .join();
        StateVector vector = serverHas.orTimeout(1, TimeUnit.MINUTES).join();
        asking.close();
        asking.channel().closeFuture().awaitUninterruptibly();
        return vector.equals(expected);
    }
}
