package io.pataka.service.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class VolumeSetTest {

    private static final Set<String> STANDARD = Set.of("STANDARD");

    @TempDir
    private Path directory;

    private VolumeSettings volume(int number, String name) {
        return new VolumeSettings(number, directory.resolve(name), STANDARD);
    }

    @Test
    void refusesADirectoryWithoutAMarker() throws IOException {
        Files.createDirectory(directory.resolve("unmounted"));

        assertThatThrownBy(() -> VolumeSet.open(List.of(volume(1, "unmounted")), false, 0))
                .isInstanceOf(StoreFailedException.class)
                .hasMessageContaining("unmounted")
                .hasMessageContaining("mounted?");
    }

    @Test
    void knowsItsVolumesAgain() throws IOException {
        VolumeSet.open(List.of(volume(1, "a"), volume(7, "b")), true, 0);

        VolumeSet again = VolumeSet.open(List.of(volume(7, "b"), volume(1, "a")), false, 0);

        assertThat(again.status()).extracting(StorageStatus::number).containsExactly(1, 7);
        assertThat(again.status()).allSatisfy(it -> assertThat(it.failure()).isEmpty());
        assertThat(again.status()).allSatisfy(it -> assertThat(it.usable()).isPositive());
    }

    /** The directory below the disk would no longer be empty, and could not become a volume. */
    @Test
    void writesNoEpochWhereADiskIsNotMounted() throws IOException {
        VolumeSet volumes = VolumeSet.open(List.of(volume(1, "a"), volume(2, "b")), true, 0);
        Files.move(directory.resolve("b"), directory.resolve("unmounted"));
        Files.createDirectory(directory.resolve("b"));

        volumes.raiseEpoch(7);

        assertThat(volumes.epoch()).isEqualTo(7);
        assertThat(directory.resolve("b")).isEmptyDirectory();
    }

    @Test
    void addsAVolumeToAStore() throws IOException {
        VolumeSet.open(List.of(volume(1, "a")), true, 0);
        VolumeSet.open(List.of(volume(1, "a"), volume(2, "b")), true, 0);

        VolumeSet.open(List.of(volume(1, "a"), volume(2, "b")), false, 0);
    }

    @Test
    void refusesExchangedVolumes() throws IOException {
        VolumeSet.open(List.of(volume(1, "a"), volume(2, "b")), true, 0);

        assertThatThrownBy(() -> VolumeSet.open(List.of(volume(1, "b"), volume(2, "a")), true, 0))
                .hasMessageContaining("is volume 2, but is configured as volume 1");
    }

    @Test
    void refusesAVolumeOfAnotherStore() throws IOException {
        VolumeSet.open(List.of(volume(1, "a")), true, 0);
        VolumeSet.open(List.of(volume(2, "b")), true, 0);

        assertThatThrownBy(() -> VolumeSet.open(List.of(volume(1, "a"), volume(2, "b")), true, 0))
                .hasMessageContaining("belongs to the store");
    }

    @Test
    void refusesANumberUsedTwice() throws IOException {
        assertThatThrownBy(() -> VolumeSet.open(List.of(volume(1, "a"), volume(1, "b")), true, 0))
                .hasMessageContaining("configured twice");
    }

    @Test
    void refusesToInitialiseADirectoryThatIsInUse() throws IOException {
        Files.createDirectory(directory.resolve("home"));
        Files.writeString(directory.resolve("home/letter"), "x");

        assertThatThrownBy(() -> VolumeSet.open(List.of(volume(1, "home")), true, 0))
                .hasMessageContaining("not empty");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"format\": 2}",
                "{\"format\": 1, \"store\": \"a9f1b3c0-7a2f-4f0c-9a53-0d6d1c9f5e11\", \"volume\": 1}",
                "{\"format\": 2, \"store\": \"a9f1b3c0-7a2f-4f0c-9a53-0d6d1c9f5e11\"}",
                "{\"format\": 2, \"store\": \"a9f1b3c0-7a2f-4f0c-9a53-0d6d1c9f5e11\", \"volume\": \"1\"}",
                "{\"format\": 2, \"store\": \"a9f1b3c0-7a2f-4f0c-9a53-0d6d1c9f5e11\", \"volume\": 1.5}",
                "{\"format\": 2, \"store\": \"a9f1b3c0-7a2f-4f0c-9a53-0d6d1c9f5e11\", \"volume\": 65537}",
                "{\"format\": 2, \"store\": \"a9f1b3c0-7a2f-4f0c-9a53-0d6d1c9f5e11\", \"volume\": -1}",
                "{\"format\": 2, \"store\": null, \"volume\": 1}",
                "{\"format\": 2, \"store\": \"1\", \"volume\": 1}",
                "{\"format\": 2, \"store\": \"a9f1b3c0-7a2f-4f0c-9a53-0d6d1c9f5e11\", \"volume\": 1, \"more\": 1}",
                "{\"format\": 2, \"store\": \"a9f1b3c0-7a2f-4f0c-9a53-0d6d1c9f5e11\", \"volume\": 1} x",
                "null",
                "[]",
                ""
            })
    void refusesAMarkerThatItCannotRead(String text) throws IOException {
        Files.createDirectory(directory.resolve("a"));
        Files.writeString(directory.resolve("a/volume.json"), text);

        assertThatThrownBy(() -> VolumeSet.open(List.of(volume(1, "a")), true, 0))
                .hasMessageContaining("not the marker");
    }

    /** As releases wrote it until now, and as an operator may have edited it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"format\": 2, \"store\": \"a9f1b3c0-7a2f-4f0c-9a53-0d6d1c9f5e11\", \"volume\": 1}\n",
                "{ \"volume\" : 1,\r\n \"store\":\"a9f1b3c0-7a2f-4f0c-9a53-0d6d1c9f5e11\", \"format\":2 }"
            })
    void readsAMarkerHoweverItIsSpaced(String text) throws IOException {
        Files.createDirectory(directory.resolve("a"));
        Files.writeString(directory.resolve("a/volume.json"), text);

        assertThat(VolumeSet.open(List.of(volume(1, "a")), false, 0).id())
                .hasToString("a9f1b3c0-7a2f-4f0c-9a53-0d6d1c9f5e11");
    }

    /** A node of an earlier release reads the marker that a new volume gets. */
    @Test
    void writesAMarkerThatEarlierReleasesRead() throws IOException {
        VolumeSet.open(List.of(volume(7, "a")), true, 0);

        assertThat(Files.readString(directory.resolve("a/volume.json")))
                .matches("\\s*\\{\\s*\"format\"\\s*:\\s*2\\s*,\\s*\"store\"\\s*:\\s*\"([0-9a-f-]{36})\"\\s*,"
                        + "\\s*\"volume\"\\s*:\\s*(\\d{1,5})\\s*}\\s*");
    }

    @Test
    void choosesOnlyVolumesOfTheStorageClass() throws IOException {
        VolumeSet set = VolumeSet.open(
                List.of(
                        volume(1, "a"),
                        volume(2, "b"),
                        new VolumeSettings(3, directory.resolve("c"), Set.of("STANDARD_IA"))),
                true,
                0);
        Set<Integer> chosen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            chosen.add(set.pick("STANDARD", 10).number());
        }

        assertThat(chosen).containsExactlyInAnyOrder(1, 2);
        assertThat(set.pick("STANDARD_IA", 0).number()).isEqualTo(3);
        assertThatThrownBy(() -> set.pick("GLACIER", 0)).isInstanceOf(StoreFailedException.class);
    }
}
