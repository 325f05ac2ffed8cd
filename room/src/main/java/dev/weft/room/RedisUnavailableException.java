package dev.weft.room;

/** Redis does not answer, or not as it should. Whether the command was carried out is unknown; it may be repeated later. */
public class RedisUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public RedisUnavailableException(String message) {
        super(message);
    }

    public RedisUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
