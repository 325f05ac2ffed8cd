package dev.weft.benchmarks.load;

import java.io.IOException;

/** Runs a command line of the user's to its end. */
final class Shell {
    private Shell() {}

    static void run(String command) {
        try {
            int exit = new ProcessBuilder("sh", "-c", command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start()
                    .waitFor();
            if (exit != 0) {
                throw new LoadException("ended with " + exit + ": " + command);
            }
        } catch (IOException e) {
            throw new LoadException("cannot be run: " + command, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("interrupted: " + command, e);
        }
    }
}
