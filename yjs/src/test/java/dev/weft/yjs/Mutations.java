package dev.weft.yjs;

import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Bytes that are nearly right. */
final class Mutations {
    private static final byte[] NASTY = {0, 1, 0x7f, (byte) 0x80, (byte) 0xff, (byte) 0xc0, 0x20, 10, 4, 8, 7};

    private Mutations() {}

    /** One of {@code samples}, cut off, or with some bytes changed, inserted, removed, repeated or taken from another. */
    static byte[] of(List<byte[]> samples, Random random) {
        byte[] bytes = samples.get(random.nextInt(samples.size())).clone();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            bytes = bytes.length == 0 ? new byte[] {0} : change(bytes, samples, random);
        }
        return bytes;
    }

    private static byte[] change(byte[] bytes, List<byte[]> samples, Random random) {
        int at = random.nextInt(bytes.length);
        switch (random.nextInt(8)) {
            case 0 -> {
                return Arrays.copyOf(bytes, at);
            }
            case 1, 2 -> bytes[at] = (byte) random.nextInt(256);
            case 3 -> bytes[at] = NASTY[random.nextInt(NASTY.length)];
            case 4 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
            case 5 -> {
                byte[] other = samples.get(random.nextInt(samples.size()));
                int from = other.length == 0 ? 0 : random.nextInt(other.length);
                int to = Math.min(other.length, from + 1 + random.nextInt(12));
                return splice(bytes, at, at, Arrays.copyOfRange(other, from, to));
            }
            case 6 -> {
                return splice(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(4)), new byte[0]);
            }
            default -> {
                byte[] huge = new byte[1 + random.nextInt(9)];
                Arrays.fill(huge, (byte) 0xff);
                huge[huge.length - 1] = (byte) random.nextInt(128);
                return splice(bytes, at, at + 1, huge);
            }
        }
        return bytes;
    }

    private static byte[] splice(byte[] bytes, int from, int to, byte[] inserted) {
        byte[] result = new byte[bytes.length - (to - from) + inserted.length];
        System.arraycopy(bytes, 0, result, 0, from);
        System.arraycopy(inserted, 0, result, from, inserted.length);
        System.arraycopy(bytes, to, result, from + inserted.length, bytes.length - to);
        return result;
    }
}
