package dev.weft.system;

import static dev.weft.system.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.weft.testing.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** {@code ./weft demo}: the first thing that anybody does with a clone. */
class DemoIT {
    @RegisterExtension
    private final Processes processes = new Processes();

    @TempDir
    private Path folder;

    @Test
    void documentsSurviveACleanStopAndAKillAndNoProcessStays() throws IOException {
        Path data = folder.resolve("data");
        DemoProcess first = processes.owned(DemoProcess.start(data));
        HttpResponse<String> page = first.get("");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).containsIgnoringCase("<!doctype html>");
        int port = new ObjectMapper()
                .readTree(first.get("config.json").body())
                .findPath("websocketPort")
                .asInt();
        assertThat(first.url()).endsWith(":" + port);
        StockClient writer = open("writer", first);
        writer.insert(0, "typed");
        await("it was taken").until(() -> writer.state().acknowledged() == writer.ownClocks());

        DemoProcess second = processes.owned(DemoProcess.run(data, Ports.free(), Ports.free()));
        assertThat(second.exitCode()).as("a second demo on the same data").isNotZero();
        assertThat(second.lines())
                .as("what it says")
                .hasSize(1)
                .first()
                .asString()
                .contains(data.toString());

        assertThat(first.stop())
                .as("exit code after SIGTERM; output:\n%s", first.output())
                .isZero();
        assertNoneLives(first);

        DemoProcess again = processes.owned(DemoProcess.start(data));
        StockClient editor = open("editor", again);
        assertThat(editor.text()).isEqualTo("typed");
        editor.insert(5, ", killed");
        await("it was taken").until(() -> editor.state().acknowledged() == editor.ownClocks());
        again.sigkill();

        DemoProcess afterKill = processes.owned(DemoProcess.start(data));
        assertThat(open("reader", afterKill).text()).isEqualTo("typed, killed");
        assertThat(afterKill.stop())
                .as("exit code; output:\n%s", afterKill.output())
                .isZero();
        assertNoneLives(again);
        assertNoneLives(afterKill);
    }

    @Test
    void aTakenPortIsSaidInOneLine() throws IOException {
        try (ServerSocket taken = new ServerSocket()) {
            taken.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Ports.free()));
            int port = taken.getLocalPort();

            DemoProcess server = processes.owned(DemoProcess.run(folder.resolve("data"), port, Ports.free()));
            assertThat(server.exitCode()).isNotZero();
            assertThat(server.lines()).hasSize(1).first().asString().contains(Integer.toString(port), "--port");

            DemoProcess page = processes.owned(DemoProcess.run(folder.resolve("data"), Ports.free(), port));
            assertThat(page.exitCode()).isNotZero();
            assertThat(page.lines()).hasSize(1).first().asString().contains(Integer.toString(port), "--auth-port");
        }
        assertThat(folder.resolve("data")).as("nothing was begun").doesNotExist();
    }

    @Test
    void aFolderThatCannotBeWrittenIsSaidInOneLine() throws IOException {
        // Not a folder without permission, because tests may run as root.
        Path file = Files.writeString(folder.resolve("file"), "in the way");
        Path data = file.resolve("data");

        DemoProcess demo = processes.owned(DemoProcess.run(data, Ports.free(), Ports.free()));

        assertThat(demo.exitCode()).isNotZero();
        assertThat(demo.lines()).hasSize(1).first().asString().contains(data.toString());
    }

    private StockClient open(String name, DemoProcess demo) {
        return processes.clients().open(name, demo.dial("kept").recording()).awaitSynced();
    }

    private static void assertNoneLives(DemoProcess demo) {
        assertThat(demo.children()).as("embedded services").isNotEmpty();
        await("all that it started has ended")
                .until(() -> demo.children().stream().noneMatch(ProcessHandle::isAlive));
    }
}
