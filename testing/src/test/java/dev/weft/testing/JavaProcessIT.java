package dev.weft.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JavaProcessIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final int SIGKILLED = 128 + 9;
    private static final int SIGTERMED = 128 + 15;

    @TempDir
    private Path folder;

    @Test
    void programSeesItsArgumentsEnvironmentAndFolderAndLittleElse() throws IOException {
        JavaProcess.Command command = JavaProcess.Command.of(Sample.class.getName())
                .withArguments("ends", "ü")
                .withEnvironment(Map.of("WEFT_SAMPLE", "here"))
                .withFolder(folder);

        try (JavaProcess program = JavaProcess.start(command)) {
            assertThat(program.exitCode(LIMIT)).isEqualTo(3);
            assertThat(program.output())
                    .contains("argument ü", "variable here", "folder " + folder.toRealPath(), "to standard error")
                    .containsPattern("environment of [1-7]\\b");
        }
    }

    @Test
    void lineIsAwaitedWhetherItIsPastOrToCome() {
        try (JavaProcess program = running()) {
            assertThat(program.awaitLine(Pattern.compile("ready on (\\d+)"), LIMIT)
                            .group(1))
                    .isEqualTo("4711");
            assertThat(program.awaitLine(Pattern.compile("argument"), LIMIT).group())
                    .isEqualTo("argument");
            assertThatThrownBy(() -> program.awaitLine(Pattern.compile("never"), Duration.ofMillis(50)))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("ready on 4711");
        }
    }

    @Test
    void signalsStopContinueAndEndTheProgram() {
        try (JavaProcess program = running()) {
            program.sigstop();
            program.sigterm();
            assertThatThrownBy(() -> program.exitCode(Duration.ofMillis(200))).isInstanceOf(AssertionError.class);

            program.sigcont();

            assertThat(program.exitCode(LIMIT)).isEqualTo(SIGTERMED);
            assertThat(program.output()).contains("said goodbye");
        }
        try (JavaProcess program = running()) {
            program.sigkill();

            assertThat(program.exitCode(LIMIT)).isEqualTo(SIGKILLED);
            assertThat(program.output()).doesNotContain("said goodbye");
        }
    }

    private static JavaProcess running() {
        JavaProcess program =
                JavaProcess.start(JavaProcess.Command.of(Sample.class.getName()).withArguments("stays", "x"));
        program.awaitLine(Pattern.compile("ready"), LIMIT);
        return program;
    }
}
