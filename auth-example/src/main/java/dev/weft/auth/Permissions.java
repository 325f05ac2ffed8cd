package dev.weft.auth;

/**
 * Who may do what: the rule of this example. Users whose id begins with {@code reader-} read every room, all others write every room. A real
 * backend looks it up where it keeps its documents' owners and guests.
 */
final class Permissions {
    private static final String READER = "reader-";

    private Permissions() {}

    /** {@code rw} or {@code readonly}; any other word would refuse the room. */
    static String access(String user) {
        return user.startsWith(READER) ? "readonly" : "rw";
    }

    static String asReader(String user) {
        return user.startsWith(READER) ? user : READER + user;
    }
}
