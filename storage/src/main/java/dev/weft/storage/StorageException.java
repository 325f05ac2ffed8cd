package dev.weft.storage;

/** The storage could not do what it was asked to. Whether it did part of it is unknown; the call may be repeated. */
public class StorageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public StorageException(String message) {
        super(message);
    }

    public StorageException(String message, Throwable cause) {
        super(message, cause);
    }
}
