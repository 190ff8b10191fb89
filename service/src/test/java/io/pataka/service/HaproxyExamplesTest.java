package io.pataka.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.development.SelfSignedCertificate;
import io.pataka.service.testing.HaProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** HAProxy takes each shipped file of settings, without a warning. */
final class HaproxyExamplesTest {

    private static final Path SHIPPED = Path.of("../etc");

    @TempDir
    private Path folder;

    static List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(SHIPPED)) {
            return all.filter(file -> file.getFileName().toString().matches("haproxy.*\\.cfg"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void hasNoProblem(Path shipped) throws Exception {
        SelfSignedCertificate certificate = SelfSignedCertificate.in(folder);
        Path pem = folder.resolve("pataka.pem");
        Files.writeString(pem, Files.readString(certificate.certificate()) + Files.readString(certificate.key()));
        Path file = folder.resolve("haproxy.cfg");
        Files.writeString(file, Files.readString(shipped, UTF_8).replace("/etc/haproxy/pataka.pem", pem.toString()));

        assertThat(HaProxy.problems(file)).isEmpty();
    }

    @Test
    void aWrongFileHasOne() throws Exception {
        Path file = Files.writeString(folder.resolve("wrong.cfg"), "backend pataka\n    server node1\n");
        assertThat(HaProxy.problems(file)).contains("wrong.cfg:2");
    }
}
