package dev.weft.room;

import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * A Lua script of this package's resources, called by its digest. Redis forgets scripts when it restarts; the call then sends the text
 * once more, and calls that were under way at that moment may be carried out in another order than they were made.
 */
final class Script {
    private final byte[] text;
    private final String digest;
    private final ScriptOutputType output;

    Script(String name, ScriptOutputType output) {
        this.output = output;
        try (InputStream in = Script.class.getResourceAsStream(name + ".lua")) {
            if (in == null) {
                throw new IllegalStateException("no script " + name);
            }
            text = in.readAllBytes();
            digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@code T} must be the type that Lettuce makes of the script's output type. */
    <T> CompletionStage<T> call(RedisAsyncCommands<String, byte[]> redis, String[] keys, byte[]... values) {
        return redis.<T>evalsha(digest, output, keys, values).exceptionallyCompose(failure -> {
            Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
            if (cause instanceof RedisNoScriptException) {
                return redis.eval(text, output, keys, values);
            }
            return CompletableFuture.failedFuture(cause);
        });
    }
}
