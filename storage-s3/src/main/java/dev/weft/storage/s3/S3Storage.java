package dev.weft.storage.s3;

import dev.weft.storage.DocumentErasedException;
import dev.weft.storage.DocumentId;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.Erasure;
import dev.weft.storage.StorageException;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.UnreadableVersionException;
import dev.weft.storage.VersionInfo;
import dev.weft.storage.VersionReference;
import dev.weft.storage.YRedisArchive;
import dev.weft.yjs.StateVector;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Keeps documents in a bucket, an object a version; {@link ObjectKeys} are its keys and a {@link VersionObject} what it holds.
 *
 * <p>It needs of the store what S3 gives: an object that was put is listed and read at once, a put is whole or not at all, and pages
 * are listed in the order of keys. It does not need conditional writes. So a store looks before its put in which {@link Life} the document
 * is, names the version after it, and looks again afterwards: if the document was erased meanwhile, it deletes what it put. If it fails
 * in between, the object stays, but is no version of the document any more; whoever lists the document next deletes it, and so does another
 * erasure.
 */
final class S3Storage implements DocumentStorage, YRedisArchive {
    private static final Logger LOG = LoggerFactory.getLogger(S3Storage.class);
    // A version that was listed is gone when it is read: replaced meanwhile, at most every few milliseconds. Then it is
    // listed again.
    private static final int MOST_LISTINGS = 50;

    private final Bucket bucket;
    private final String shown;
    private final VersionClock clock;
    private final Lives lives;
    private final boolean withYRedis;
    private volatile boolean closed;

    /**
     * A storage in a bucket.
     *
     * @param bucket closed with this storage
     * @param shown where the store is, for messages
     * @param withYRedis whether documents of y-redis are looked for in the bucket
     */
    S3Storage(Bucket bucket, String shown, VersionClock clock, boolean withYRedis) {
        this.bucket = bucket;
        this.shown = shown;
        this.clock = clock;
        this.lives = new Lives(bucket);
        this.withYRedis = withYRedis;
    }

    @Override
    public List<StoredVersion> load(DocumentId document) {
        return run("load " + document, () -> {
            Map<VersionReference, StoredVersion> read = new ConcurrentHashMap<>();
            for (int i = 0; i < MOST_LISTINGS; i++) {
                List<VersionReference> live = listing(document).references();
                read.keySet().retainAll(live);
                List<VersionReference> unread = live.stream()
                        .filter(version -> !read.containsKey(version))
                        .toList();
                readAll(document, unread).forEach(version -> read.put(version.reference(), version));
                if (read.size() == live.size()) {
                    return List.copyOf(read.values());
                }
            }
            throw new StorageException("its versions were replaced during each of " + MOST_LISTINGS + " attempts");
        });
    }

    @Override
    public List<StoredVersion> load(DocumentId document, Collection<VersionReference> references) {
        return run("load versions of " + document, () -> readAll(document, references));
    }

    @Override
    public List<VersionInfo> list(DocumentId document) {
        return run("list " + document, () -> listing(document).live());
    }

    private Listing listing(DocumentId document) {
        Listing listing = Listing.of(document, bucket, lives, clock, withYRedis);
        if (listing.live().isEmpty()) {
            // Stores over a file system may look up one by one the files that they found in a folder, and pass over
            // those that are gone by then; what replaced them came later. S3 lists what there is at one moment.
            listing = Listing.of(document, bucket, lives, clock, withYRedis);
        }
        try {
            delete(document, listing.dead().stream().map(VersionInfo::reference).toList());
        } catch (SdkException e) {
            LOG.warn("{} could not delete what was left of {}, which was erased: {}", shown, document, reason(e));
        }
        return listing;
    }

    /** Those of the versions that are there. */
    private List<StoredVersion> readAll(DocumentId document, Collection<VersionReference> references) {
        Map<VersionReference, StoredVersion> read = new ConcurrentHashMap<>();
        Parallel.forEach(
                new LinkedHashSet<>(references),
                reference -> key(document, reference)
                        .flatMap(key -> bucket.read(
                                key,
                                YRedisObjects.isReference(reference)
                                        ? YRedisObjects.reader(reference)
                                        : VersionObject.reader(document, reference)))
                        .ifPresent(version -> read.put(reference, version)));
        return List.copyOf(read.values());
    }

    @Override
    public VersionReference store(DocumentId document, byte[] update, StateVector stateVector) {
        return run("store " + document, () -> {
            Life life = lives.of(document);
            if (life.erased()) {
                throw new DocumentErasedException(document);
            }
            VersionReference version = ObjectKeys.version(clock.next(), life);
            String key = ObjectKeys.prefix(document) + version.value();
            bucket.put(key, new VersionObject(document, stateVector, update).content());
            if (!lives.of(document).equals(life)) {
                bucket.delete(key);
                throw new DocumentErasedException(document);
            }
            return version;
        });
    }

    @Override
    public void discard(DocumentId document, Collection<VersionReference> references) {
        run("discard versions of " + document, () -> {
            delete(document, references);
            return true;
        });
    }

    // One request an object: a discard is of a few versions, single deletes are free of charge on AWS, and the request
    // for many at once is
    // what compatible stores lack, or want another checksum for.
    private void delete(DocumentId document, Collection<VersionReference> references) {
        List<String> keys = references.stream()
                .flatMap(reference -> key(document, reference).stream())
                .distinct()
                .toList();
        Parallel.forEach(keys, bucket::delete);
    }

    /** The key of a version; empty if it cannot be one of the document. */
    private Optional<String> key(DocumentId document, VersionReference reference) {
        if (ObjectKeys.isVersion(reference)) {
            return Optional.of(ObjectKeys.prefix(document) + reference.value());
        }
        return withYRedis ? YRedisObjects.key(document, reference) : Optional.empty();
    }

    @Override
    public Erasure erase(DocumentId document) {
        return run("erase " + document, () -> {
            List<VersionInfo> deleted = new ArrayList<>();
            for (int i = 0; i < MOST_LISTINGS; i++) {
                if (!lives.of(document).erased()) {
                    lives.end(document);
                }
                deleted.addAll(deleteAll(document));
                Life life = lives.of(document);
                if (life.erased()) {
                    return new Erasure(
                            life.since(),
                            deleted.size(),
                            deleted.stream().mapToLong(VersionInfo::bytes).sum());
                }
            }
            throw new StorageException("it was allowed again during each of " + MOST_LISTINGS + " attempts");
        });
    }

    private List<VersionInfo> deleteAll(DocumentId document) {
        List<VersionInfo> all =
                Listing.of(document, bucket, lives, clock, withYRedis).all().toList();
        delete(document, all.stream().map(VersionInfo::reference).toList());
        return all;
    }

    @Override
    public Optional<Instant> erasedAt(DocumentId document) {
        return run("look for " + document, () -> lives.of(document).erasedAt());
    }

    @Override
    public void allow(DocumentId document) {
        run("allow " + document, () -> {
            Life life = lives.of(document);
            if (life.erased()) {
                deleteAll(document);
                lives.put(document, life.allowed());
            }
            return true;
        });
    }

    @Override
    public void forEach(Consumer<Left> action) {
        Iterator<Left> left = withYRedis ? YRedisObjects.left(bucket.list("").iterator()) : Collections.emptyIterator();
        // Listing may fail at each page; what the action throws is none of our business.
        while (run("list the documents of y-redis", left::hasNext)) {
            action.accept(run("list the documents of y-redis", left::next));
        }
    }

    @Override
    public void close() {
        closed = true;
        bucket.close();
    }

    private <T> T run(String what, Supplier<T> work) {
        try {
            if (closed) {
                throw new StorageException("it is closed");
            }
            return work.get();
        } catch (DocumentErasedException e) {
            throw e;
        } catch (UnreadableVersionException e) {
            throw new UnreadableVersionException(shown + " could not " + what + ": " + reason(e), e);
        } catch (StorageException | SdkException | IllegalStateException e) {
            // IllegalStateException: closed by another thread meanwhile.
            throw new StorageException(shown + " could not " + what + ": " + reason(e), e);
        }
    }

    /** In one line, without the attachments of the SDK. */
    static String reason(RuntimeException thrown) {
        String reason = thrown instanceof S3Exception s3 && s3.awsErrorDetails() != null
                ? s3.statusCode() + " " + s3.awsErrorDetails().errorCode() + " "
                        + s3.awsErrorDetails().errorMessage()
                : String.valueOf(thrown.getMessage());
        return reason.replaceAll("\\s*\\R\\s*", "; ");
    }
}
