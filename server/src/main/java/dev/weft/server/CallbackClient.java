package dev.weft.server;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks the integrator's backend, within limits on time and on the answer's length. Follows no redirects. Thread-safe; blocks. */
final class CallbackClient implements AutoCloseable {
    private final Duration timeout;
    private final long maxAnswerBytes;
    private final HttpClient client;

    CallbackClient(Duration timeout, long maxAnswerBytes, Executor executor) {
        this.timeout = timeout;
        this.maxAnswerBytes = maxAnswerBytes;
        this.client = HttpClient.newBuilder()
                .executor(executor)
                .connectTimeout(timeout)
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** The address of something below {@code base}, each segment percent-encoded as one. */
    static URI address(URI base, String... segments) {
        StringBuilder address = new StringBuilder(base.toString());
        if (address.charAt(address.length() - 1) == '/') {
            address.setLength(address.length() - 1);
        }
        for (String segment : segments) {
            address.append('/').append(UriComponent.encode(segment));
        }
        return URI.create(address.toString());
    }

    /**
     * Any answer, whatever its status.
     *
     * @throws IOException if there is none, or it is too long
     * @throws TimeoutException if it is not complete in time
     */
    HttpResponse<byte[]> get(URI address, String accept) throws IOException, TimeoutException, InterruptedException {
        HttpRequest question = HttpRequest.newBuilder(address)
                .timeout(timeout)
                .header("Accept", accept)
                .GET()
                .build();
        HttpResponse.BodyHandler<byte[]> body =
                HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofByteArray(), maxAnswerBytes);
        CompletableFuture<HttpResponse<byte[]>> answer = client.sendAsync(question, body);
        try {
            // The request's own timeout ends with the headers; this one includes the body.
            return answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getCause()), e);
        } finally {
            answer.cancel(true);
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
