package dev.weft.demo;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * A shell that outlives this process by a moment, to end the services if it dies without having ended them itself, by SIGKILL say. It learns
 * of that because its standard input, a pipe that only this process holds, comes to its end. In the usual course the services are gone by
 * then and the shell finds nothing to do.
 */
final class OrphanGuard implements AutoCloseable {
    // Ctrl-C reaches the whole process group; the guard must stay to the end.
    private static final String SCRIPT = """
            trap '' INT TERM HUP
            orphans=
            while read -r signal pid; do orphans="$orphans $signal:$pid"; done
            for orphan in $orphans; do kill -"${orphan%%:*}" "${orphan#*:}" 2>/dev/null; done
            """;

    private final Process shell;
    private final Writer input;

    private OrphanGuard(Process shell) {
        this.shell = shell;
        this.input = shell.outputWriter(StandardCharsets.US_ASCII);
    }

    static OrphanGuard start() throws IOException {
        return new OrphanGuard(new ProcessBuilder("/bin/sh", "-c", SCRIPT)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start());
    }

    void watch(long pid, String signal) throws IOException {
        input.write(signal + " " + pid + "\n");
        input.flush();
    }

    @Override
    public void close() throws IOException {
        input.close();
        try {
            shell.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
