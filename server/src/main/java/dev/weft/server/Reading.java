package dev.weft.server;

import io.netty.channel.Channel;
import java.util.EnumSet;
import java.util.Set;

/** Whether a socket is read: as long as there is no reason not to. Confined to the channel's event loop. */
final class Reading {
    private final Channel channel;
    private final Set<PauseReason> reasons = EnumSet.noneOf(PauseReason.class);

    Reading(Channel channel) {
        this.channel = channel;
    }

    void pause(PauseReason reason) {
        if (reasons.add(reason)) {
            channel.config().setAutoRead(false);
        }
    }

    void resume(PauseReason reason) {
        if (reasons.remove(reason) && reasons.isEmpty()) {
            channel.config().setAutoRead(true);
        }
    }

    boolean isPaused() {
        return !reasons.isEmpty();
    }
}
