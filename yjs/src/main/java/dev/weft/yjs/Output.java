package dev.weft.yjs;

import java.util.Arrays;

/** Bytes under construction in lib0's encoding, in one array that grows. Not thread-safe. */
final class Output {
    /** The largest array that every JVM allocates. */
    static final int MAX_SIZE = Integer.MAX_VALUE - 8;

    private byte[] bytes;
    private int size;

    Output(int capacity) {
        bytes = new byte[capacity];
    }

    int size() {
        return size;
    }

    /** The array behind this output; only the first {@link #size} bytes count, and the next write may replace it. */
    byte[] array() {
        return bytes;
    }

    byte[] toByteArray() {
        return size == bytes.length ? bytes : Arrays.copyOf(bytes, size);
    }

    Output uint8(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
        return this;
    }

    Output varUint(long value) {
        if (value >= 0 && value <= 0x7f) {
            return uint8((int) value);
        }
        if (bytes.length - size >= Long.BYTES && value >>> Varints.BITS_OF_WORD == 0) {
            size += Varints.write(bytes, size, value);
            return this;
        }
        return varUintByBytes(value);
    }

    /** Writes no byte beyond the integer's last one. */
    private Output varUintByBytes(long value) {
        reserve(varUintSize(value));
        long rest = value;
        while (rest > 0x7f) {
            bytes[size++] = (byte) (0x80 | (rest & 0x7f));
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
        return this;
    }

    /** Inserts an integer in front of the bytes from {@code at} on. */
    void insertVarUint(int at, long value) {
        int moved = varUintSize(value);
        reserve(moved);
        System.arraycopy(bytes, at, bytes, at + moved, size - at);
        int end = size + moved;
        size = at;
        varUintByBytes(value);
        size = end;
    }

    void clear() {
        size = 0;
    }

    /** lib0's varInt; zero may have a sign too. */
    Output varInt(long magnitude, boolean negative) {
        long rest = magnitude >>> 6;
        uint8((rest > 0 ? 0x80 : 0) | (negative ? 0x40 : 0) | (int) (magnitude & 0x3f));
        return rest > 0 ? varUint(rest) : this;
    }

    Output copy(Output source) {
        return copy(source.bytes, 0, source.size);
    }

    Output copy(byte[] source, int from, int to) {
        reserve(to - from);
        System.arraycopy(source, from, bytes, size, to - from);
        size += to - from;
        return this;
    }

    /** A buffer: its length, then its bytes. */
    Output buffer(byte[] source) {
        return varUint(source.length).copy(source, 0, source.length);
    }

    /** A buffer with what another output holds. */
    Output buffer(Output source) {
        return varUint(source.size).copy(source);
    }

    /** How many bytes {@link #varUint} writes. */
    static int varUintSize(long value) {
        return value <= 0x7f ? 1 : (70 - Long.numberOfLeadingZeros(value)) / 7;
    }

    private void reserve(int more) {
        if (more > bytes.length - size) {
            if (more > MAX_SIZE - size) {
                throw new IllegalStateException("the result would exceed " + MAX_SIZE + " bytes");
            }
            bytes = Arrays.copyOf(bytes, Math.clamp(bytes.length * 2L, size + more, MAX_SIZE));
        }
    }
}
