package io.pataka.service.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrivateFileTest {

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"rw-------", "r--------"})
    void acceptsAFileThatOnlyItsOwnerMayUse(String mode) throws IOException {
        Path file = file(mode);

        assertThatCode(() -> PrivateFile.require(file)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw-r-----", "rw----r--", "rw--w----", "rw-----w-", "rwx------", "rw---x---"})
    void refusesAnyOtherMode(String mode) throws IOException {
        Path file = file(mode);

        assertThatExceptionOfType(InvalidSecretFileException.class)
                .isThrownBy(() -> PrivateFile.require(file))
                .withMessageContainingAll(
                        file.toString(), mode, "chmod 600", Files.getOwner(file).getName());
    }

    @Test
    void refusesWhatIsNoFile() {
        assertThatExceptionOfType(InvalidSecretFileException.class)
                .isThrownBy(() -> PrivateFile.require(folder))
                .withMessageContaining("is not a file");
        assertThatExceptionOfType(InvalidSecretFileException.class)
                .isThrownBy(() -> PrivateFile.require(folder.resolve("absent")))
                .withMessageContaining("does not exist");
    }

    @Test
    void makesAFileThatOnlyItsOwnerMayUse() throws IOException {
        Path file = folder.resolve("new");
        PrivateFile.create(file, "text\n");

        assertThat(file).hasContent("text\n");
        assertThat(mode(file)).isEqualTo("rw-------");
    }

    @Test
    void overwritesNoFile() throws IOException {
        Path file = file("rw-------");

        assertThatExceptionOfType(FileAlreadyExistsException.class).isThrownBy(() -> PrivateFile.create(file, "other"));
        assertThat(file).hasContent("old");
    }

    @Test
    void replacesAFileAndKeepsItsMode() throws IOException {
        Path file = file("r--------");
        PrivateFile.replace(file, "new");

        assertThat(file).hasContent("new");
        assertThat(mode(file)).isEqualTo("r--------");
        assertThat(names()).containsExactly("file");
    }

    @Test
    void replacesTheFileBehindALink() throws IOException {
        Path file = file("rw-------");
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);
        PrivateFile.replace(link, "new");

        assertThat(file).hasContent("new");
        assertThat(link).isSymbolicLink();
    }

    private Path file(String mode) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "old");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private Stream<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).toList().stream();
        }
    }
}
