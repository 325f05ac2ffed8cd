package dev.weft.storage.s3;

import dev.weft.storage.DocumentId;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;

/** Reads and writes what a bucket knows of the {@link Life} of documents: an object each, under {@link ObjectKeys#life}. */
final class Lives {
    private static final int ID_BYTES = 6;
    private static final int MOST_BYTES = 100;

    private final Bucket bucket;
    private final InstantSource time = InstantSource.system();
    private final SecureRandom random = new SecureRandom();

    Lives(Bucket bucket) {
        this.bucket = bucket;
    }

    Life of(DocumentId document) {
        return bucket.read(ObjectKeys.life(document), (in, length) -> Life.read(in.readNBytes(MOST_BYTES)))
                .orElse(Life.FIRST);
    }

    /** Ends the document's life, whichever it is. */
    void end(DocumentId document) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        Instant now = time.instant().truncatedTo(ChronoUnit.MILLIS);
        put(document, new Life(HexFormat.of().formatHex(id), true, now));
    }

    void put(DocumentId document, Life life) {
        bucket.put(ObjectKeys.life(document), new Content(new byte[0], life.write()));
    }
}
