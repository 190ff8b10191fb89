package io.pataka.service.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.pataka.service.testing.SteppedClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RereadFileTest {

    @TempDir
    private Path folder;

    private final SteppedClock clock = new SteppedClock();
    private final AtomicInteger reads = new AtomicInteger();
    private boolean refused;
    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("file"), "one");
    }

    private RereadFile<String> open() {
        return RereadFile.open(file, this::read, clock);
    }

    private String read(Path path, Optional<String> before) {
        reads.incrementAndGet();
        if (refused || Files.notExists(path)) {
            throw new InvalidSecretFileException("it is refused");
        }
        try {
            return before.map(text -> text + " ").orElse("") + Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void findsAChangeAfterASecond() throws IOException {
        RereadFile<String> reread = open();
        Files.writeString(file, "second");

        assertThat(reread.content()).isEqualTo("one");
        clock.advance(Duration.ofSeconds(1));
        assertThat(reread.content())
                .as("the form knows what the file was before")
                .isEqualTo("one second");
        assertThat(reread.fault()).isEmpty();
    }

    @Test
    void findsAChangeAtOnceWhenAsked() throws IOException {
        RereadFile<String> reread = open();
        Files.writeString(file, "second");

        assertThat(reread.refreshed()).isEqualTo("one second");
    }

    @Test
    void findsAFileThatWasRenamedIntoItsPlace() throws IOException {
        RereadFile<String> reread = open();
        Path other = Files.writeString(folder.resolve("other"), "two");
        Files.setLastModifiedTime(other, Files.getLastModifiedTime(file));
        Files.delete(file);
        Files.move(other, file);

        assertThat(reread.refreshed()).isEqualTo("one two");
    }

    @Test
    void doesNotReadAFileThatDidNotChange() {
        RereadFile<String> reread = open();
        for (int i = 0; i < 3; i++) {
            clock.advance(Duration.ofSeconds(2));
            assertThat(reread.content()).isEqualTo("one");
            assertThat(reread.refreshed()).isEqualTo("one");
        }

        assertThat(reads).hasValue(1);
    }

    @Test
    void keepsTheContentWhileTheFileIsWrongOrGone() throws IOException {
        RereadFile<String> reread = open();
        Files.delete(file);
        clock.advance(Duration.ofSeconds(1));
        assertThat(reread.content()).isEqualTo("one");
        assertThat(reread.fault()).contains("it is refused");

        Files.writeString(file, "two");
        clock.advance(Duration.ofSeconds(1));
        assertThat(reread.content()).isEqualTo("one two");
        assertThat(reread.fault()).isEmpty();
    }

    /** A chmod does not change the time of the file. */
    @Test
    void readsAWrongFileAgainOnceASecondThoughItDidNotChange() throws IOException {
        RereadFile<String> reread = open();
        Files.writeString(file, "second");
        refused = true;
        for (int i = 0; i < 5; i++) {
            assertThat(reread.refreshed()).isEqualTo("one");
        }
        assertThat(reads).hasValue(2);

        refused = false;
        clock.advance(Duration.ofSeconds(1));
        assertThat(reread.content()).isEqualTo("one second");
    }

    @Test
    void doesNotStartWithoutContent() {
        refused = true;

        assertThatExceptionOfType(InvalidSecretFileException.class).isThrownBy(this::open);
    }
}
