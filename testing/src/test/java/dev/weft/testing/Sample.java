package dev.weft.testing;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A program for {@link JavaProcessIT} to start. */
final class Sample {
    private Sample() {}

    public static void main(String[] arguments) throws InterruptedException {
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        out.println("argument " + arguments[1]);
        out.println("variable " + System.getenv("WEFT_SAMPLE"));
        out.println("folder " + Path.of("").toAbsolutePath());
        out.println("environment of " + System.getenv().size());
        System.err.println("to standard error");
        if (arguments[0].equals("ends")) {
            System.exit(3);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> out.println("said goodbye")));
        out.println("ready on 4711");
        Thread.currentThread().join();
    }
}
