package io.pataka.service.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doNothing;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import io.pataka.service.blob.BlobDamagedException;
import io.pataka.service.blob.BlobFormatUnknownException;
import io.pataka.service.blob.BlobGoneException;
import io.pataka.service.blob.BlobInventory;
import io.pataka.service.blob.BlobStore;
import io.pataka.service.blob.StoreFailedException;
import io.pataka.service.job.BlobInspector.Finding;
import io.pataka.service.metadata.DamageLedger.Damage;
import io.pataka.service.metadata.DamageLedger.Kind;
import io.pataka.service.metadata.LostContents;
import io.pataka.service.metadata.LostContents.Suspect;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Content;
import io.pataka.service.model.ObjectKey;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.time.Clock;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is lost and what only looks lost, with a store that simulates faults of disks. */
final class BlobInspectorTest {

    private static final ObjectKey KEY = ObjectKey.of("key");
    private static final BlobId BLOB = BlobId.random(3);

    private final BlobStore store = mock(BlobStore.class);
    private final BlobInventory inventory = mock(BlobInventory.class);
    private final MemoryBlobLedger blobs = new MemoryBlobLedger(Clock.systemUTC());
    private final MemoryDamageLedger damage = new MemoryDamageLedger();
    private final BlobInspector inspector = new BlobInspector(store, inventory, blobs, damage);
    private final LostContents lost = new LostContents();
    private final DamageWatch watch = new DamageWatch(lost, inspector, blobs, damage);

    @BeforeEach
    void hasNoDescriptor() throws IOException {
        when(store.describe(any())).thenThrow(new BlobDamagedException("no descriptor"));
        when(inventory.quarantine(any())).thenReturn("aside");
    }

    @Test
    void aBlobThatIsRightTheSecondTimeIsIntact() throws IOException {
        doThrow(new BlobDamagedException("bits flipped on the way"))
                .doNothing()
                .when(store)
                .verify(BLOB);

        assertThat(inspector.inspect(BLOB)).isEqualTo(Finding.INTACT);
        verify(inventory, never()).quarantine(any());
        assertThat(damage.find(BLOB)).isEmpty();
    }

    @Test
    void aBlobThatAWorkingDiskCannotReadTwiceIsDamaged() throws IOException {
        doThrow(new StoreFailedException("bad sector")).when(store).verify(BLOB);
        when(inventory.isWell(3)).thenReturn(true);

        assertThat(inspector.inspect(BLOB)).isEqualTo(Finding.DAMAGED);
        assertThat(damage.find(BLOB).map(Damage::kind)).contains(Kind.DAMAGED);
        verify(inventory, never()).quarantine(any());
    }

    /** Until the probe the volume was not mounted, or the process had no file descriptor left. */
    @Test
    void aBlobThatCanBeReadAfterTheProbeIsIntact() throws IOException {
        doThrow(new StoreFailedException("not there"))
                .doThrow(new StoreFailedException("not there"))
                .doNothing()
                .when(store)
                .verify(BLOB);
        when(inventory.isWell(3)).thenReturn(true);

        assertThat(inspector.inspect(BLOB)).isEqualTo(Finding.INTACT);
        assertThat(damage.find(BLOB)).isEmpty();
    }

    @Test
    void aDiskThatFailsAfterTheProbeLosesNothing() throws IOException {
        doThrow(new StoreFailedException("not there")).when(store).verify(BLOB);
        when(inventory.isWell(3)).thenReturn(true).thenReturn(false);

        assertThat(inspector.inspect(BLOB)).isEqualTo(Finding.UNKNOWN);
        assertThat(damage.find(BLOB)).isEmpty();
    }

    @Test
    void aFileThatThisProcessMayNotReadIsNotLost() throws IOException {
        doThrow(new StoreFailedException("permission", new AccessDeniedException("file")))
                .when(store)
                .verify(BLOB);
        when(inventory.isWell(3)).thenReturn(true);

        assertThat(inspector.inspect(BLOB)).isEqualTo(Finding.UNKNOWN);
        assertThat(damage.find(BLOB)).isEmpty();
    }

    @Test
    void aDamagedBlobThatCannotBeMovedIsWrittenDown() throws IOException {
        doThrow(new BlobDamagedException("bits")).when(store).verify(BLOB);
        when(inventory.quarantine(any())).thenThrow(new StoreFailedException("read only"));

        assertThat(inspector.inspect(BLOB)).isEqualTo(Finding.DAMAGED);
        assertThat(damage.find(BLOB).map(Damage::kind)).contains(Kind.DAMAGED);
    }

    @Test
    void aDiskThatFailsLosesNothing() throws IOException {
        doThrow(new StoreFailedException("the disk is gone")).when(store).verify(BLOB);
        when(inventory.isWell(3)).thenReturn(false);

        assertThat(inspector.inspect(BLOB)).isEqualTo(Finding.UNKNOWN);
        assertThat(damage.find(BLOB)).isEmpty();
    }

    @Test
    void aBlobOfALaterReleaseIsNotLost() throws IOException {
        doThrow(new BlobFormatUnknownException("format 9")).when(store).verify(BLOB);
        when(inventory.isWell(3)).thenReturn(true);

        assertThat(inspector.inspect(BLOB)).isEqualTo(Finding.UNKNOWN);
        assertThat(damage.find(BLOB)).isEmpty();
        verify(inventory, never()).quarantine(any());
    }

    @Test
    void aMissingBlobIsLostOnlyIfItsKeyStillNeedsIt() throws IOException {
        doThrow(new BlobGoneException(BLOB)).when(store).verify(BLOB);
        lost.suspect(new Suspect(BLOB, 5, KEY));
        watch.inspect();
        watch.learn();
        assertThat(lost.has(new Content.Whole(BLOB))).isFalse();

        blobs.need(BLOB, 5, KEY);
        lost.suspect(new Suspect(BLOB, 5, KEY));
        watch.inspect();
        new DamageWatch(lost, inspector, blobs, damage).learn();

        assertThat(lost.has(new Content.Whole(BLOB))).isTrue();
        assertThat(damage.find(BLOB).map(Damage::kind)).contains(Kind.MISSING);
    }

    @Test
    void looksAtASuspectAndForgetsItIfItIsIntact() throws IOException {
        doNothing().when(store).verify(BLOB);
        lost.suspect(new Suspect(BLOB, 5, KEY));
        lost.suspect(new Suspect(BLOB, 5, KEY));

        watch.inspect();
        watch.learn();

        verify(store).verify(BLOB);
        assertThat(lost.has(BLOB)).isFalse();
    }
}
