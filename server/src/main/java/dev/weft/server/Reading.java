package dev.weft.server;

import io.netty.channel.Channel;

/** Whether a socket is read: as long as there is no reason not to. Confined to the channel's event loop. */
final class Reading {
    private final Channel channel;

    /** The {@linkplain PauseReason#bit bits} of those that there are: a set of them would cost every connection more than all else in here. */
    private int reasons;

    Reading(Channel channel) {
        this.channel = channel;
    }

    void pause(PauseReason reason) {
        if (reasons == 0) {
            channel.config().setAutoRead(false);
        }
        reasons |= reason.bit();
    }

    void resume(PauseReason reason) {
        if (reasons == 0) {
            return;
        }
        reasons &= ~reason.bit();
        if (reasons == 0) {
            channel.config().setAutoRead(true);
        }
    }

    boolean isPaused() {
        return reasons != 0;
    }
}
