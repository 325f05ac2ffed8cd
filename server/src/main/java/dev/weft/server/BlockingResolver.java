package dev.weft.server;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Java's own way to look up names, which blocks, on threads that may. */
final class BlockingResolver extends AddressResolverGroup<InetSocketAddress> {
    private final Executor blocking;

    BlockingResolver(Executor blocking) {
        this.blocking = blocking;
    }

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
        return new Names(executor).asAddressResolver();
    }

    private final class Names extends InetNameResolver {
        private Names(EventExecutor executor) {
            super(executor);
        }

        @Override
        protected void doResolve(String name, Promise<InetAddress> promise) {
            lookUp(promise, () -> InetAddress.getByName(name));
        }

        @Override
        protected void doResolveAll(String name, Promise<List<InetAddress>> promise) {
            lookUp(promise, () -> List.of(InetAddress.getAllByName(name)));
        }
    }

    private <T> void lookUp(Promise<T> promise, Callable<T> lookup) {
        try {
            blocking.execute(() -> {
                try {
                    promise.trySuccess(lookup.call());
                } catch (Exception e) {
                    promise.tryFailure(e);
                }
            });
        } catch (RejectedExecutionException e) {
            promise.tryFailure(e);
        }
    }
}
