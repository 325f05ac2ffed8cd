package org.example.weft.files;

import dev.weft.storage.DocumentErasedException;
import dev.weft.storage.DocumentId;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.Erasure;
import dev.weft.storage.StorageException;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.VersionInfo;
import dev.weft.storage.VersionReference;
import dev.weft.yjs.StateVector;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Keeps documents in a folder of one machine: a folder for each document, a file for each version, and a file {@code erased} if it is erased.
 *
 * <p>Each call has the document's folder for itself ({@link FolderLock}), whichever process it is in. That alone gives most of what {@link
 * DocumentStorage} promises: no reader meets the moment between two steps, and a store that waited for an erase finds the tombstone. A
 * storage for many users would let readers and writers of one document work side by side; then each promise has to be earned by itself.
 *
 * <p>A folder stays when its last version is gone, and comes to be when somebody only looks: one could not delete it and be certain that
 * nobody waits for the lock in it.
 *
 * <p>No limit of time is set here, because a disk answers or fails. A network would need one.
 */
final class FileStorage implements DocumentStorage {
    private static final String TOMBSTONE = "erased";
    private static final Pattern VERSION =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private final Path root;
    private volatile boolean closed;

    FileStorage(Path root) {
        this.root = root;
    }

    private interface Work<T> {
        T run(Path folder) throws IOException;
    }

    private <T> T run(String what, DocumentId document, Work<T> work) {
        if (closed) {
            throw new StorageException("the storage in " + root + " is closed");
        }
        try (FolderLock lock = FolderLock.of(root.resolve(folderName(document)))) {
            return work.run(lock.folder());
        } catch (IOException e) {
            throw new StorageException(root + ": could not " + what + " " + document + ": " + e, e);
        }
    }

    /** Names may hold any characters and be longer than those of files, and "a/b" and "a", "b" must not meet. */
    private static String folderName(DocumentId document) {
        byte[] room = document.room().getBytes(StandardCharsets.UTF_8);
        byte[] name = document.name().getBytes(StandardCharsets.UTF_8);
        ByteBuffer both = ByteBuffer.allocate(Integer.BYTES + room.length + name.length)
                .putInt(room.length)
                .put(room)
                .put(name);
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(both.array()));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    @Override
    public List<StoredVersion> load(DocumentId document) {
        return run("load", document, folder -> read(folder, versions(folder)));
    }

    @Override
    public List<StoredVersion> load(DocumentId document, Collection<VersionReference> references) {
        return run("load", document, folder -> {
            List<VersionReference> chosen = versions(folder);
            chosen.retainAll(new LinkedHashSet<>(references));
            return read(folder, chosen);
        });
    }

    private static List<StoredVersion> read(Path folder, List<VersionReference> versions) throws IOException {
        List<StoredVersion> read = new ArrayList<>();
        for (VersionReference version : versions) {
            read.add(VersionFile.read(folder.resolve(version.value()), version));
        }
        return read;
    }

    @Override
    public List<VersionInfo> list(DocumentId document) {
        return run("list", document, FileStorage::infos);
    }

    private static List<VersionInfo> infos(Path folder) throws IOException {
        List<VersionInfo> infos = new ArrayList<>();
        for (VersionReference version : versions(folder)) {
            Path file = folder.resolve(version.value());
            infos.add(new VersionInfo(
                    version, Files.size(file), Files.getLastModifiedTime(file).toInstant()));
        }
        return infos;
    }

    /** Files with other names are no versions: the lock, the tombstone, what a crash has left unfinished. */
    private static List<VersionReference> versions(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<VersionReference> versions = new ArrayList<>();
            files.map(file -> file.getFileName().toString())
                    .filter(name -> VERSION.matcher(name).matches())
                    .forEach(name -> versions.add(new VersionReference(name)));
            return versions;
        }
    }

    @Override
    public VersionReference store(DocumentId document, byte[] update, StateVector stateVector) {
        return run("store", document, folder -> {
            if (Files.exists(folder.resolve(TOMBSTONE))) {
                throw new DocumentErasedException(document);
            }
            VersionReference version = new VersionReference(UUID.randomUUID().toString());
            VersionFile.write(folder, version.value(), update, stateVector);
            return version;
        });
    }

    @Override
    public void discard(DocumentId document, Collection<VersionReference> references) {
        run("discard", document, folder -> {
            for (VersionReference version : references) {
                // What is none of ours may be anything, a path to another file too.
                if (VERSION.matcher(version.value()).matches()) {
                    Files.deleteIfExists(folder.resolve(version.value()));
                }
            }
            VersionFile.sync(folder);
            return true;
        });
    }

    @Override
    public Erasure erase(DocumentId document) {
        return run("erase", document, folder -> {
            Optional<Instant> before = tombstone(folder);
            Instant at = before.orElseGet(() -> Instant.now().truncatedTo(ChronoUnit.MILLIS));
            if (before.isEmpty()) {
                writeTombstone(folder, at);
            }
            List<VersionInfo> versions = infos(folder);
            deleteAllBut(folder, List.of(TOMBSTONE, "lock"));
            VersionFile.sync(folder);
            return new Erasure(
                    at,
                    versions.size(),
                    versions.stream().mapToLong(VersionInfo::bytes).sum());
        });
    }

    private static void writeTombstone(Path folder, Instant at) throws IOException {
        Path unfinished = folder.resolve(TOMBSTONE + ".unfinished");
        Files.writeString(unfinished, at.toString());
        Files.move(unfinished, folder.resolve(TOMBSTONE), StandardCopyOption.ATOMIC_MOVE);
        VersionFile.sync(folder);
    }

    /** Versions, and what a crash has left of some: it is content, too. */
    private static void deleteAllBut(Path folder, List<String> kept) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> !kept.contains(file.getFileName().toString()))
                    .toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }

    private static Optional<Instant> tombstone(Path folder) throws IOException {
        Path file = folder.resolve(TOMBSTONE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(Files.readString(file)));
        } catch (DateTimeParseException e) {
            throw new IOException(file + " holds no time", e);
        }
    }

    @Override
    public Optional<Instant> erasedAt(DocumentId document) {
        return run("look for", document, FileStorage::tombstone);
    }

    @Override
    public void allow(DocumentId document) {
        run("allow", document, folder -> {
            if (Files.deleteIfExists(folder.resolve(TOMBSTONE))) {
                VersionFile.sync(folder);
            }
            return true;
        });
    }

    @Override
    public void close() {
        closed = true;
    }
}
