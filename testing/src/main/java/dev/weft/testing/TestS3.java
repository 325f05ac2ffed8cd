package dev.weft.testing;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.jspecify.annotations.Nullable;

/**
 * An S3 server in this JVM (S3Proxy). {@link #shared} is one for all tests, each of which asks for a bucket of its own; {@link #start}
 * makes one that a test may stop and restart on the same port with its objects.
 *
 * <p>Objects lie in memory, where keys may be as long and odd as S3 allows, or in a folder, where a part of a key between slashes is a
 * file name and has at most 255 bytes. May be used by several threads.
 */
public final class TestS3 implements AutoCloseable {
    private static final String ACCESS_KEY = "weft-test";
    private static final String SECRET_KEY = "weft-test-secret";

    private final BlobStore store;
    private final int port;
    private final boolean shared;
    // Null while stopped. Guarded by this.
    private @Nullable S3Proxy proxy;

    private TestS3(BlobStore store, boolean shared) {
        this.store = store;
        this.port = Ports.free();
        this.shared = shared;
        restart();
    }

    /** The S3 of this JVM, in memory. */
    public static TestS3 shared() {
        return Shared.INSTANCE;
    }

    /** An S3 of one's own, in memory. */
    public static TestS3 start() {
        return new TestS3(new TransientNio2BlobStore(), false);
    }

    /** An S3 of one's own over a folder, whose objects outlive it. */
    public static TestS3 start(Path folder) {
        return new TestS3(new FilesystemNio2BlobStore(folder.toString()), false);
    }

    /** Settings of a storage on it, with a bucket that does not exist yet. */
    public Map<String, String> settings() {
        return settings("test-" + UUID.randomUUID());
    }

    /** Settings of a storage on it. */
    public Map<String, String> settings(String bucket) {
        return settings(port, bucket);
    }

    /** Settings of a storage on an S3 of this kind that runs in another process, or behind a relay, on {@code port}. */
    public static Map<String, String> settings(int port, String bucket) {
        return Map.of(
                "S3_ENDPOINT",
                "127.0.0.1",
                "S3_PORT",
                Integer.toString(port),
                "S3_SSL",
                "false",
                "S3_ACCESS_KEY",
                ACCESS_KEY,
                "S3_SECRET_KEY",
                SECRET_KEY,
                "S3_BUCKET",
                bucket);
    }

    public int port() {
        return port;
    }

    /** Stops serving and keeps the objects. */
    public synchronized void stop() {
        if (shared) {
            throw new IllegalStateException("this S3 is shared by all tests; start one of your own");
        }
        halt();
    }

    /** Serves again after {@link #stop}. */
    public final synchronized void restart() {
        if (proxy != null) {
            throw new IllegalStateException("S3 runs");
        }
        try {
            S3Proxy started = S3Proxy.builder()
                    .blobStore(store)
                    .endpoint(URI.create("http://127.0.0.1:" + port))
                    .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, ACCESS_KEY, SECRET_KEY)
                    .ignoreUnknownHeaders(true)
                    .build();
            started.start();
            proxy = started;
        } catch (Exception e) {
            throw new IllegalStateException("S3Proxy did not start", e);
        }
    }

    /** Stops it; does nothing to the shared one. */
    @Override
    public synchronized void close() {
        if (!shared) {
            halt();
            store.close();
        }
    }

    private synchronized void halt() {
        if (proxy == null) {
            return;
        }
        try {
            proxy.stop();
        } catch (Exception e) {
            throw new IllegalStateException("S3Proxy did not stop", e);
        } finally {
            proxy = null;
        }
    }

    private static final class Shared {
        static final TestS3 INSTANCE = new TestS3(new TransientNio2BlobStore(), true);
    }
}
