package dev.weft.benchmarks.load;

import java.util.Arrays;

/**
 * All that one sender has sent, in order, and when. One thread adds; any other may read what is below {@link #size}: it is published by it.
 */
final class SentLog {
    private byte[][] payloads = new byte[16][];
    private long[] nanos = new long[16];
    private volatile int size;
    private volatile int measuredFrom = Integer.MAX_VALUE;

    /** Call right before the payload is written; it must not be changed any more. */
    void add(byte[] payload) {
        int index = size;
        if (index == payloads.length) {
            payloads = Arrays.copyOf(payloads, 2 * index);
            nanos = Arrays.copyOf(nanos, 2 * index);
        }
        payloads[index] = payload;
        nanos[index] = System.nanoTime();
        size = index + 1;
    }

    int size() {
        return size;
    }

    byte[] payload(int index) {
        return payloads[index];
    }

    /** {@link System#nanoTime} at which it was sent. */
    long nanos(int index) {
        return nanos[index];
    }

    /** Whether its latency counts. */
    boolean isMeasured(int index) {
        return index >= measuredFrom;
    }

    /** What is sent from now on is measured. */
    void measureFromNow() {
        measuredFrom = size;
    }

    void endMeasuring() {
        measuredFrom = Integer.MAX_VALUE;
    }
}
