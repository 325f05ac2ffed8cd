package dev.weft.yjs;

import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link YDoc} is made.
 *
 * @param clientId the id under which the document writes, up to 2^53 - 1. No two documents that write at the same time may have the
 *     same; a random one unless it is given
 * @param guid the name of the document as a subdocument; a random UUID unless it is given
 * @param gc whether the content of what is deleted is dropped, which is the default. Without it snapshots show the past
 * @param autoLoad whether, as a subdocument, it shall be loaded by everybody at once; not by default
 * @param shouldLoad whether its content is wanted; true by default, false for subdocuments that arrive
 * @param meta any {@linkplain YDoc value} that travels with the document as a subdocument, or null
 */
public record YDocOptions(
        long clientId,
        String guid,
        boolean gc,
        boolean autoLoad,
        boolean shouldLoad,
        @Nullable Object meta) {
    public YDocOptions {
        if (clientId < 0 || clientId > Input.MAX_INTEGER) {
            throw new IllegalArgumentException("a client id is 0 to 2^53 - 1, not " + clientId);
        }
        meta = JsValues.normalised(meta);
    }

    /** The defaults. */
    public static YDocOptions defaults() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** 32 bits, as Yjs has it. */
    static long randomClientId() {
        return ThreadLocalRandom.current().nextLong(1L << Integer.SIZE);
    }

    /** Options in the making. */
    public static final class Builder {
        private long clientId = randomClientId();
        private @Nullable String guid;
        private boolean gc = true;
        private boolean autoLoad;
        private boolean shouldLoad = true;
        private @Nullable Object meta;

        private Builder() {}

        public Builder clientId(long value) {
            clientId = value;
            return this;
        }

        public Builder guid(String value) {
            guid = value;
            return this;
        }

        public Builder gc(boolean value) {
            gc = value;
            return this;
        }

        public Builder autoLoad(boolean value) {
            autoLoad = value;
            return this;
        }

        public Builder shouldLoad(boolean value) {
            shouldLoad = value;
            return this;
        }

        public Builder meta(@Nullable Object value) {
            meta = value;
            return this;
        }

        public YDocOptions build() {
            return new YDocOptions(clientId, guid == null ? randomGuid() : guid, gc, autoLoad, shouldLoad, meta);
        }

        /** Not {@link UUID#randomUUID}, whose secure source is slow; nobody must be unable to guess this. */
        private static String randomGuid() {
            Random random = ThreadLocalRandom.current();
            long high = (random.nextLong() & ~0xf000L) | 0x4000L;
            long low = (random.nextLong() & (-1L >>> 2)) | (1L << 63);
            return new UUID(high, low).toString();
        }
    }
}
