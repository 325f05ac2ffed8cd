package dev.weft.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeProcessIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    @Test
    void linesGoToTheScriptAndBack() throws IOException {
        NodeProject project = project("""
                const lines = require("node:readline").createInterface({ input: process.stdin });
                lines.on("line", line => console.log(JSON.stringify({ got: JSON.parse(line), arg: process.argv[2] })));
                """);

        try (NodeProcess script = project.start("script.js", "ü")) {
            script.send("{\"n\":1}");
            script.send("\"\\n\"");

            assertThat(script.readLine(LIMIT)).isEqualTo("{\"got\":{\"n\":1},\"arg\":\"ü\"}");
            assertThat(script.readLine(LIMIT)).isEqualTo("{\"got\":\"\\n\",\"arg\":\"ü\"}");
            assertThatThrownBy(() -> script.readLine(Duration.ofMillis(50)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("wrote no line");
        }
    }

    @Test
    void scriptThatFailsIsReportedWithItsStandardError() throws IOException {
        NodeProject project = project("throw new Error('out of luck')");

        try (NodeProcess script = project.start("script.js")) {
            assertThatThrownBy(() -> script.readLine(LIMIT))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("out of luck");
        }
    }

    @Test
    void scriptThatIgnoresTheEndOfItsInputIsKilledAtClose() throws IOException {
        NodeProject project = project("setInterval(() => {}, 1000); console.log('ready')");
        NodeProcess script = project.start("script.js");
        assertThat(script.readLine(LIMIT)).isEqualTo("ready");

        script.close();

        assertThat(ProcessHandle.of(script.pid()).filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    private NodeProject project(String script) throws IOException {
        Files.writeString(folder.resolve("package.json"), "{\"name\":\"p\",\"version\":\"1.0.0\",\"private\":true}");
        Files.writeString(folder.resolve("package-lock.json"), """
                {"name":"p","version":"1.0.0","lockfileVersion":3,"requires":true,
                 "packages":{"":{"name":"p","version":"1.0.0"}}}
                """);
        Files.writeString(folder.resolve("script.js"), script);
        return NodeProject.in(folder);
    }
}
