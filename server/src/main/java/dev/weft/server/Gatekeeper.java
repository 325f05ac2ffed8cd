package dev.weft.server;

import io.netty.channel.EventLoop;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Decides who comes in: verifies the token, then asks for the permission. Thread-safe; never blocks.
 *
 * @param elsewhere where tokens are verified that are not known: that takes too long for an event loop
 * @param connections on which the permissions are asked for
 */
record Gatekeeper(
        TokenVerifier tokens, PermissionClient permissions, CallbackConnections connections, Executor elsewhere)
        implements AutoCloseable {

    /**
     * Called on the loop.
     *
     * @return completes with a {@link Refusal} if it is not granted; on any thread
     */
    CompletionStage<Visitor> admit(EventLoop loop, UpgradeRequest request) {
        CompletableFuture<Visitor> decision = new CompletableFuture<>();
        try {
            String user = tokens.remembered(request.token());
            if (user != null) {
                ask(loop, request, user, decision);
            } else {
                elsewhere.execute(() -> verify(loop, request, decision));
            }
        } catch (Refusal | RuntimeException e) {
            decision.completeExceptionally(e);
        }
        return decision;
    }

    private void verify(EventLoop loop, UpgradeRequest request, CompletableFuture<Visitor> decision) {
        try {
            String user = tokens.verify(request.token());
            loop.execute(() -> ask(loop, request, user, decision));
        } catch (Refusal | RuntimeException e) {
            decision.completeExceptionally(e);
        }
    }

    private void ask(EventLoop loop, UpgradeRequest request, String user, CompletableFuture<Visitor> decision) {
        permissions.access(loop, request.room(), user).whenComplete((access, failure) -> {
            if (failure == null) {
                decision.complete(new Visitor(request.room(), user, access));
            } else {
                decision.completeExceptionally(failure);
            }
        });
    }

    @Override
    public void close() {
        connections.close();
    }
}
