package dev.weft.storage.s3;

import dev.weft.storage.DocumentId;
import dev.weft.storage.VersionInfo;
import dev.weft.storage.VersionReference;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * All versions of a document, however many pages they fill.
 *
 * @param live what the document consists of
 * @param dead what is of a life that an erasure ended, and is to be deleted: it was put when the erasure had looked already, or the erasure
 *     failed
 */
record Listing(List<VersionInfo> live, List<VersionInfo> dead) {
    /**
     * Lists. Versions of y-redis come before ours, because they are discarded after one of ours was stored: what was replaced while this runs
     * is on a later page. What says that the document was erased comes last ({@link ObjectKeys#life}), and only if it is there is it read: so
     * no version in the list is of a later life than the one that was read.
     *
     * <p>Keys that go on otherwise are passed over. No version was ever stored under one, but stores over a file system may list a file
     * that they are about to rename.
     */
    static Listing of(DocumentId document, Bucket bucket, Lives lives, VersionClock clock, boolean withYRedis) {
        String ours = ObjectKeys.prefix(document);
        String folder = ObjectKeys.folder(document);
        List<String> theirs = withYRedis ? ObjectKeys.prefixesOfYRedis(document) : List.of();
        List<VersionInfo> versions = new ArrayList<>();
        theirs.stream()
                .filter(prefix -> !prefix.equals(folder))
                .flatMap(prefix ->
                        bucket.list(prefix).filter(object -> ObjectKeys.isVersionOfYRedis(prefix, object.key())))
                .map(Listing::ofYRedis)
                .forEach(versions::add);
        // In most cases theirs lie in the folder of ours, and one request lists both.
        List<Bucket.Listed> objects =
                bucket.list(theirs.contains(folder) ? folder : ours).toList();
        boolean wasErased = false;
        for (Bucket.Listed object : objects) {
            String key = object.key();
            if (key.equals(ObjectKeys.life(document))) {
                wasErased = true;
            } else if (ObjectKeys.isVersionOfYRedis(folder, key)) {
                versions.add(ofYRedis(object));
            } else if (key.startsWith(ours)) {
                VersionReference version = new VersionReference(key.substring(ours.length()));
                if (ObjectKeys.isVersion(version)) {
                    clock.observe(ObjectKeys.uuid(version));
                    versions.add(new VersionInfo(version, object.bytes(), object.at()));
                }
            }
        }
        return divided(versions, wasErased ? lives.of(document) : Life.FIRST);
    }

    private static VersionInfo ofYRedis(Bucket.Listed object) {
        return new VersionInfo(YRedisObjects.reference(object.key()), object.bytes(), object.at());
    }

    private static Listing divided(List<VersionInfo> versions, Life life) {
        List<VersionInfo> live = new ArrayList<>();
        List<VersionInfo> dead = new ArrayList<>();
        for (VersionInfo version : versions) {
            // y-redis knows nothing of lives. What it wrote before a document was allowed again was deleted then.
            boolean isOfThisLife = YRedisObjects.isReference(version.reference())
                    || ObjectKeys.life(version.reference()).equals(life.id());
            (!life.erased() && isOfThisLife ? live : dead).add(version);
        }
        return new Listing(List.copyOf(live), List.copyOf(dead));
    }

    Stream<VersionInfo> all() {
        return Stream.concat(live.stream(), dead.stream());
    }

    List<VersionReference> references() {
        return live.stream().map(VersionInfo::reference).toList();
    }
}
