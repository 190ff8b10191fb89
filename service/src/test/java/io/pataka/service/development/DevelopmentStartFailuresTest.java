package io.pataka.service.development;

import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.testing.ServerProcess;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Faults that the caller of {@code make run} can correct are reported in one line, before a database starts. */
final class DevelopmentStartFailuresTest {

    @TempDir
    private Path folder;

    private String refusal(Path data, String... more) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(DevelopmentServer.class.getName(), "--settings=../etc/pataka-dev.yml"));
        command.add("--data=" + data);
        command.addAll(List.of(more));
        try (ServerProcess process =
                ServerProcess.start(List.of("-Xmx64m"), command, Files.createTempFile(folder, "log", ""))) {
            assertThat(process.awaitEnd(Duration.ofSeconds(60))).isEqualTo(1);
            assertThat(process.output().lines()).hasSize(1);
            assertThat(Files.exists(data.resolve("mariadb"))).isFalse();
            return process.output();
        }
    }

    @Test
    void namesAPortThatIsNoNumber() throws Exception {
        assertThat(refusal(folder.resolve("data"), "--http-port=abc"))
                .startsWith("The server does not start: HTTP_PORT=abc is no port.");
        assertThat(refusal(folder.resolve("data"), "--admin-port=65536")).contains("ADMIN_PORT=65536 is no port.");
    }

    @Test
    void namesEachPortThatIsTaken() throws Exception {
        try (ServerSocket one = new ServerSocket(0);
                ServerSocket other = new ServerSocket(0)) {
            assertThat(refusal(
                            folder.resolve("data"),
                            "--http-port=" + ServerProcess.freePort(),
                            "--https-port=" + one.getLocalPort(),
                            "--admin-port=" + other.getLocalPort()))
                    .contains(
                            "HTTPS_PORT=" + one.getLocalPort() + " is not free",
                            "ADMIN_PORT=" + other.getLocalPort() + " is not free",
                            "make run HTTPS_PORT=...")
                    .doesNotContain("HTTP_PORT=...");
        }
    }

    @Test
    void namesTheFolderThatCannotBeMade() throws Exception {
        Path file = Files.createFile(folder.resolve("file"));

        assertThat(refusal(file)).contains("DATA=" + file + " cannot be made or written: there is a file of this name");
        assertThat(refusal(file.resolve("data")))
                .contains("DATA=" + file.resolve("data") + " cannot be made or written");
    }
}
