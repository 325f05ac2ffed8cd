package dev.weft.yjs;

/** Bytes that are not what they should be: the one exception that every decoder of this library throws for bad input. */
public final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int offset;

    /**
     * @param offset index in the input of the first byte that makes no sense
     * @param reason what was expected there
     */
    public MalformedException(int offset, String reason) {
        super(reason + " at byte " + offset);
        this.offset = offset;
    }

    /** Index in the input of the first byte that makes no sense. */
    public int offset() {
        return offset;
    }
}
