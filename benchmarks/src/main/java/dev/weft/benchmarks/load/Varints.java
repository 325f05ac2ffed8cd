package dev.weft.benchmarks.load;

import java.io.ByteArrayOutputStream;

/** Writes lib0's integers: seven bits a byte, low bits first. */
final class Varints {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Varints write(long value) {
        long rest = value;
        while (rest > 0x7f) {
            out.write((int) (0x80 | (rest & 0x7f)));
            rest >>>= 7;
        }
        out.write((int) rest);
        return this;
    }

    Varints write(byte[] bytes) {
        out.writeBytes(bytes);
        return this;
    }

    byte[] toByteArray() {
        return out.toByteArray();
    }
}
