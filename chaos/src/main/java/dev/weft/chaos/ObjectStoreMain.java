package dev.weft.chaos;

import dev.weft.testing.TestS3;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** An S3 server as a process that may be killed. Takes the folder of its objects, says {@code ready} and its port. */
final class ObjectStoreMain {
    private ObjectStoreMain() {}

    @SuppressWarnings("SystemOut") // The harness reads it from there.
    public static void main(String[] arguments) throws InterruptedException {
        try (TestS3 s3 = TestS3.start(Path.of(arguments[0]))) {
            System.out.println("ready " + s3.port());
            System.out.flush();
            new CountDownLatch(1).await();
        }
    }
}
