package dev.weft.server;

import dev.weft.room.RoomName;

/**
 * Who has been let in, where, and with which rights.
 *
 * @param user the token's {@code yuserid}
 */
record Visitor(RoomName room, String user, Access access) {
    boolean mayWrite() {
        return access == Access.READ_WRITE;
    }
}
