package dev.weft.yjs;

import java.util.Objects;
import java.util.function.Consumer;

/** What Jazzer calls: static methods with names of its choice, of a public class. The argument names one of {@link FuzzTargets}. */
public final class FuzzerTarget {
    private static Consumer<byte[]> target = bytes -> {};

    private FuzzerTarget() {}

    public static void fuzzerInitialize(String[] args) {
        target = Objects.requireNonNull(FuzzTargets.all().get(args[0]));
    }

    public static void fuzzerTestOneInput(byte[] bytes) {
        target.accept(bytes);
    }
}
