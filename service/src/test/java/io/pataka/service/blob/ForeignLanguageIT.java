package io.pataka.service.blob;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A disk that fails is noticed in every language of the system's error messages. A second process runs in a German locale, and
 * the kernel really fails its write: the process may not make a file longer than the limit of {@code ulimit -f}.
 */
final class ForeignLanguageIT {

    private static final int LIMIT_KIB = 256;

    @TempDir
    private Path directory;

    @Test
    void aFailedWriteIsNoticedInAGermanLocale() throws Exception {
        Path locales = directory.resolve("locales");
        Files.createDirectories(locales);
        run(
                List.of(
                        "localedef",
                        "-i",
                        "de_DE",
                        "-f",
                        "UTF-8",
                        locales.resolve("de_DE.UTF-8").toString()),
                Map.of());

        String said = run(
                List.of(
                        "bash",
                        "-c",
                        "ulimit -f " + LIMIT_KIB + "; exec \"$@\"",
                        "bash",
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        // The JVM's file of performance data would be longer than the limit.
                        "-XX:-UsePerfData",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName(),
                        directory.resolve("one").toString()),
                Map.of("LC_ALL", "de_DE.UTF-8", "LOCPATH", locales.toString()));

        assertThat(said).as("the child speaks German").contains("Die Datei ist zu gro\u00df");
        assertThat(said).contains("failed=true");
        assertThat(said).contains("works again=true");
    }

    private String run(List<String> command, Map<String, String> environment) throws Exception {
        Path output = Files.createTempFile(directory, "output", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        String text = Files.readString(output, UTF_8);
        assertThat(process.exitValue()).as(text).isZero();
        return text;
    }

    /** Writes more than it may, and then less. */
    static final class Child {

        private Child() {}

        public static void main(String[] arguments) throws IOException {
            VolumeSettings settings = new VolumeSettings(1, Path.of(arguments[0]), Set.of(BlobStoreContract.STANDARD));
            VolumeSet volumes = VolumeSet.open(List.of(settings), true, 0);
            BlobStore store = new ShardedBlobStore(volumes, BufferPool.ofArrays());
            try {
                BlobStoreContract.put(store, new byte[3 * LIMIT_KIB * 1024]);
            } catch (StoreFailedException expected) {
                say("cause: " + expected.getCause().getMessage());
            }
            say("failed=" + volumes.status().get(0).failure().isPresent());
            for (int i = 0; i < WriteState.PROOFS; i++) {
                volumes.tick(1);
            }
            BlobStoreContract.put(store, new byte[1000]);
            say("works again=" + volumes.status().get(0).failure().isEmpty());
        }

        private static void say(String line) throws IOException {
            System.out.write((line + "\n").getBytes(UTF_8));
            System.out.flush();
        }
    }
}
