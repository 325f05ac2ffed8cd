package dev.weft.storage;

/** A version is there, and is not what its storage wrote, or is no update: cut off, damaged, foreign. To repeat the call is of no use. */
public class UnreadableVersionException extends StorageException {
    private static final long serialVersionUID = 1;

    public UnreadableVersionException(String message) {
        super(message);
    }

    public UnreadableVersionException(String message, Throwable cause) {
        super(message, cause);
    }
}
