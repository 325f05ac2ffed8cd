package dev.weft.chaos;

import dev.weft.testing.RedisRelay;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;

/** Between workers and Redis: breaks the connection on which a worker wants to trim, just before or just after Redis does it. */
final class TrimFaults implements RedisRelay.Guard {
    private static final String SCRIPT = "/dev/weft/room/finish.lua";

    private final String digest = digest();
    private final AtomicInteger lost = new AtomicInteger();
    private volatile RedisRelay.Verdict ofTrims = RedisRelay.Verdict.PASS;

    /** What happens to trims from now on. */
    void trims(RedisRelay.Verdict verdict) {
        ofTrims = verdict;
    }

    /** How many trims did not pass, or whose answer did not. */
    int lost() {
        return lost.get();
    }

    @Override
    public RedisRelay.Verdict before(RedisRelay.Command command) {
        RedisRelay.Verdict verdict = ofTrims;
        if (verdict == RedisRelay.Verdict.PASS || !command.word(1).equals(digest)) {
            return RedisRelay.Verdict.PASS;
        }
        lost.incrementAndGet();
        return verdict;
    }

    private static String digest() {
        try (InputStream in = TrimFaults.class.getResourceAsStream(SCRIPT)) {
            if (in == null) {
                throw new IllegalStateException("no script " + SCRIPT);
            }
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
