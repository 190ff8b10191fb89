package io.pataka.service.blob;

import static io.pataka.service.blob.BlobStoreContract.STANDARD;
import static io.pataka.service.blob.BlobStoreContract.all;
import static io.pataka.service.blob.BlobStoreContract.get;
import static io.pataka.service.blob.BlobStoreContract.put;
import static io.pataka.service.blob.BlobStoreContract.random;
import static io.pataka.service.blob.FaultyVolume.EIO;
import static io.pataka.service.blob.FaultyVolume.ENOSPC;
import static io.pataka.service.blob.FaultyVolume.EROFS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pataka.service.blob.FaultyFilesystem.Call;
import io.pataka.service.model.BlobId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When a volume takes writes again after a failure, and when it does not. */
final class VolumeRecoveryTest {

    @TempDir
    private Path directory;

    private FaultyVolume volume;

    @BeforeEach
    void open() throws IOException {
        volume = new FaultyVolume(directory);
    }

    /** Quotas and inodes may be used up while bytes are left. */
    @Test
    void aDiskWithoutInodesTakesWritesAgainByItself() throws IOException {
        volume.disk.fail(Call.CREATE, 0, ENOSPC);
        assertThatThrownBy(() -> put(volume.store, random(10))).isInstanceOf(StoreFailedException.class);
        volume.tick(10);
        assertThat(volume.isBad()).isTrue();

        volume.disk.heal();
        volume.tick(WriteState.PROOFS);

        assertThat(get(volume.store, put(volume.store, random(10)), 0, 10)).hasSize(10);
    }

    @ParameterizedTest
    @EnumSource(
            value = Call.class,
            names = {"CREATE", "WRITE", "FLUSH", "FORCE", "MOVE", "FORCE_DIRECTORY"})
    void aVolumeThatWasReadOnlyForAMomentComesBack(Call call) throws IOException {
        BlobId before = put(volume.store, random(10));
        volume.disk.fail(call, 0, EROFS);
        assertThatThrownBy(() -> put(volume.store, random(10))).isInstanceOf(StoreFailedException.class);
        volume.tick(1);
        assertThat(volume.isBad()).isTrue();

        volume.disk.heal();
        volume.tick(WriteState.PROOFS - 1);
        assertThat(volume.isBad()).isTrue();
        volume.tick(1);

        assertThat(volume.isBad()).isFalse();
        assertThat(get(volume.store, put(volume.store, random(10)), 0, 10)).hasSize(10);
        assertThat(all(volume.inventory)).hasSize(2).contains(before);
        assertThat(directory.resolve("one/incoming")).isEmptyDirectory();
    }

    @Test
    void aVolumeWhoseProbeReadsOtherBytesStaysOut() throws IOException {
        volume.disk.fail(Call.FORCE, 0, EIO);
        assertThatThrownBy(() -> put(volume.store, random(10))).isInstanceOf(StoreFailedException.class);
        volume.disk.fail(Call.READ, 0, EIO);

        volume.tick(10);

        assertThat(volume.isBad()).isTrue();
    }

    /** The mount point of a disk that is not mounted takes writes, too. */
    @Test
    void aDirectoryThatIsNoLongerTheVolumeStaysOut() throws IOException {
        volume.disk.fail(Call.WRITE, 0, EIO);
        assertThatThrownBy(() -> put(volume.store, random(10))).isInstanceOf(StoreFailedException.class);
        volume.disk.heal();
        Path marker = directory.resolve("one/volume.json");
        Path aside = directory.resolve("aside.json");
        Files.move(marker, aside);
        volume.tick(10);
        assertThat(volume.isBad()).isTrue();

        Files.move(aside, marker);
        volume.tick(WriteState.PROOFS);

        assertThat(volume.isBad()).isFalse();
    }

    /** After a failed fsync the next one may succeed without having written anything. */
    @Test
    void aBlobThatWasBegunBeforeTheFailureIsNotAcknowledgedAfterTheVolumeCameBack() throws IOException {
        byte[] bytes = random(100_000);
        try (BlobSink running = volume.store.create(STANDARD, 0)) {
            running.write(bytes, 0, bytes.length);
            volume.disk.failOnce(Call.FORCE, EIO);
            assertThatThrownBy(() -> put(volume.store, bytes)).isInstanceOf(StoreFailedException.class);
            volume.tick(WriteState.PROOFS);
            assertThat(volume.isBad()).isFalse();

            assertThatThrownBy(() -> running.commit(BlobStoreContract.descriptor(bytes.length)))
                    .isInstanceOf(StoreFailedException.class);
        }
        volume.assertNothingIsLeft();
        assertThat(get(volume.store, put(volume.store, bytes), 0, 10)).hasSize(10);
    }

    /** Blobs that were durable before the failure are synced again, as after a start. */
    @Test
    void forcesTheDirectoriesAgainAfterTheVolumeCameBack() throws IOException {
        put(volume.store, random(10));
        volume.disk.failOnce(Call.FORCE, EIO);
        assertThatThrownBy(() -> put(volume.store, random(10))).isInstanceOf(StoreFailedException.class);
        volume.tick(WriteState.PROOFS);
        int before = volume.disk.log().size();

        put(volume.store, random(10));

        assertThat(volume.disk.log().subList(before, volume.disk.log().size())).contains("FORCE_DIRECTORY objects");
    }
}
