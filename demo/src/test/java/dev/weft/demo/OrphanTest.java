package dev.weft.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrphanTest {
    @TempDir
    private Path folder;

    private Process service;

    @BeforeEach
    void start() throws IOException {
        service = new ProcessBuilder("sleep", "600").start();
    }

    @AfterEach
    void end() {
        service.destroyForcibly();
    }

    @Test
    void theGuardEndsWhatItWatchesWhenItsPipeEnds() throws Exception {
        OrphanGuard guard = OrphanGuard.start();
        guard.watch(service.pid(), "TERM");
        assertThat(service.isAlive()).isTrue();
        guard.close();
        await().until(() -> !service.isAlive());
    }

    @Test
    void aLeftoverIsEndedAndItsPidFileDeleted() throws Exception {
        Path pidFile = Files.writeString(folder.resolve("service.pid"), service.pid() + "\nmore\n");
        Leftover.end(pidFile, "sleep", "INT");
        assertThat(service.isAlive()).isFalse();
        assertThat(pidFile).doesNotExist();
    }

    @Test
    void aPidThatNowBelongsToAnotherProgramIsLeftAlone() throws Exception {
        Path pidFile = Files.writeString(folder.resolve("service.pid"), service.pid() + "\n");
        Leftover.end(pidFile, "redis-server", "TERM");
        assertThat(service.isAlive()).isTrue();
        assertThat(pidFile).doesNotExist();
    }

    @Test
    void aPidFileThatIsMissingOrNoNumberNamesNobody() throws Exception {
        assertThat(Leftover.pid(folder.resolve("none"))).isEmpty();
        assertThat(Leftover.pid(Files.writeString(folder.resolve("text"), "text\n")))
                .isEmpty();
        assertThat(Leftover.pid(Files.writeString(folder.resolve("empty"), ""))).isEmpty();
    }
}
