package dev.weft.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class EmbeddedS3IT {
    @Test
    void answersAsS3AndAgainAfterRestartOnTheSamePort() throws Exception {
        try (TestS3 s3 = TestS3.start()) {
            assertThat(get(s3)).contains("<Code>NoSuchBucket</Code>");
            int port = s3.port();

            s3.stop();
            assertThatThrownBy(() -> get(s3)).isInstanceOf(ConnectException.class);
            s3.restart();

            assertThat(s3.port()).isEqualTo(port);
            assertThat(get(s3)).contains("<Code>NoSuchBucket</Code>");
        }
    }

    @Test
    void eachTestHasABucketOfItsOwn() {
        assertThat(TestS3.shared().settings().get("S3_BUCKET"))
                .isNotEqualTo(TestS3.shared().settings().get("S3_BUCKET"));
    }

    private static String get(TestS3 s3) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            URI uri = URI.create("http://127.0.0.1:" + s3.port() + "/bucket/key");
            return client.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }
}
