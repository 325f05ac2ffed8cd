package dev.weft.demo;

import dev.weft.auth.P384Keys;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The folder that keeps a demo between its runs, locked while one uses it: {@code keys.env}, {@code redis/}, {@code postgres/} and
 * {@code bin/}, the unpacked services. The operating system gives the lock back however the process ends.
 */
final class DataFolder implements AutoCloseable {
    private static final Pattern PRIVATE_KEY = Pattern.compile("(?m)^AUTH_PRIVATE_KEY='(.*)'$");

    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path path;
    private final FileChannel lockFile;

    private DataFolder(Path path, FileChannel lockFile) {
        this.path = path;
        this.lockFile = lockFile;
    }

    static DataFolder open(Path wanted) throws DemoException {
        Path path = wanted.toAbsolutePath().normalize();
        FileChannel lockFile;
        try {
            // Documents are nobody else's business. A folder that was there keeps the permissions that it has.
            Files.createDirectories(path, OWNER_ONLY);
            lockFile = FileChannel.open(
                    path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new DemoException(
                    "cannot write to the data folder " + path + " (" + reason(e) + "); choose another with --data", e);
        }
        try {
            if (lock(lockFile) == null) {
                throw new DemoException("the data folder " + path + " is in use by another demo" + owner(path)
                        + "; stop that one, or choose another folder with --data");
            }
            lockFile.truncate(0);
            lockFile.write(
                    ByteBuffer.wrap(Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.US_ASCII)));
            return new DataFolder(path, lockFile);
        } catch (IOException e) {
            closeQuietly(lockFile);
            throw new DemoException("cannot lock the data folder " + path + " (" + reason(e) + ")", e);
        } catch (DemoException e) {
            closeQuietly(lockFile);
            throw e;
        }
    }

    Path path() {
        return path;
    }

    /** A folder inside, made if it is not there. */
    Path folder(String name) throws IOException {
        return Files.createDirectories(path.resolve(name));
    }

    /** The keys of this demo: made at its first start and kept, so that pages stay logged in over a restart. */
    P384Keys keys() throws IOException, DemoException {
        Path file = path.resolve("keys.env");
        try {
            Matcher line = PRIVATE_KEY.matcher(Files.readString(file));
            if (!line.find()) {
                throw new IllegalArgumentException("no line AUTH_PRIVATE_KEY='…'");
            }
            return P384Keys.parse(line.group(1));
        } catch (NoSuchFileException e) {
            P384Keys keys = P384Keys.generate();
            write(file, keys);
            return keys;
        } catch (IllegalArgumentException e) {
            throw new DemoException(
                    file + " holds no key pair (" + e.getMessage() + "); delete it to have a new one", e);
        }
    }

    private static void write(Path file, P384Keys keys) throws IOException {
        String lines = "AUTH_PUBLIC_KEY='" + keys.publicJwk() + "'\nAUTH_PRIVATE_KEY='" + keys.privateJwk() + "'\n";
        Path fresh = file.resolveSibling("keys.env.new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(fresh, lines);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() {
        closeQuietly(lockFile);
    }

    private static @Nullable FileLock lock(FileChannel file) throws IOException {
        try {
            return file.tryLock();
        } catch (OverlappingFileLockException e) {
            return null; // A demo in this very process.
        }
    }

    private static String owner(Path path) {
        try {
            String pid = Files.readString(path.resolve("lock")).strip();
            return pid.isEmpty() ? "" : " (process " + pid + ")";
        } catch (IOException e) {
            return "";
        }
    }

    private static String reason(IOException e) {
        return switch (e) {
            case AccessDeniedException denied -> "permission denied: " + denied.getFile();
            case FileAlreadyExistsException file -> file.getFile() + " is a file";
            case NoSuchFileException missing -> missing.getFile() + " cannot be made";
            default -> String.valueOf(e.getMessage());
        };
    }

    private static void closeQuietly(FileChannel file) {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
