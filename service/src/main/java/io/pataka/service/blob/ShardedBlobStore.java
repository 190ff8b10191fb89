package io.pataka.service.blob;

import io.pataka.service.model.BlobId;
import io.pataka.service.model.ByteSource;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Blobs as files on volumes. */
public final class ShardedBlobStore implements BlobStore {

    private static final Logger LOG = LoggerFactory.getLogger(ShardedBlobStore.class);

    private final VolumeSet volumes;
    private final BufferPool<byte[]> buffers;
    private final Writebacks writebacks = new Writebacks();

    public ShardedBlobStore(VolumeSet volumes, BufferPool<byte[]> buffers) {
        this.volumes = Objects.requireNonNull(volumes);
        this.buffers = Objects.requireNonNull(buffers);
    }

    @Override
    public BlobSink create(String storageClass, long expected) throws BlobStoreException {
        Volume volume = volumes.pick(storageClass, expected);
        return new BlobWriter(volume, volume.newId(), expected, buffers, writebacks);
    }

    @Override
    public BlobSink createCopy(String storageClass, long expected, BlobId original) throws BlobStoreException {
        Volume volume = volumes.pick(storageClass, expected);
        return new BlobWriter(volume, volume.newId(original), expected, buffers, writebacks);
    }

    @Override
    public boolean isIn(String storageClass, BlobId id) {
        return volumes.serves(storageClass, id.store());
    }

    @Override
    public ByteSource open(BlobId id, int codec, long offset, long length) throws BlobStoreException {
        return reader(id, OptionalInt.of(codec), offset, length);
    }

    /**
     * @param codec the codec that the payload must have; empty for a reader that only verifies
     */
    private BlobReader reader(BlobId id, OptionalInt codec, long offset, long length) throws BlobStoreException {
        Volume volume = volumes.volume(id.store());
        return BlobReader.open(id, volume, file(id, volume), buffers, codec, offset, length);
    }

    /** Opens the file at its place or in quarantine. */
    private static Filesystem.DiskFile file(BlobId id, Volume volume) throws BlobStoreException {
        Optional<Filesystem.DiskFile> file = found(id, volume);
        if (file.isEmpty() && volume.isPresent()) {
            // The volume may have been mounted only after the first look.
            file = found(id, volume);
            if (file.isEmpty() && volume.isPresent()) {
                throw new BlobGoneException(id);
            }
        }
        return file.orElseThrow(() -> new StoreFailedException(volume + " is not there, and blob " + id + " with it"));
    }

    /** Looks at the place twice, since the file may be moved to quarantine or back meanwhile. */
    private static Optional<Filesystem.DiskFile> found(BlobId id, Volume volume) throws BlobStoreException {
        Path blob = volume.layout().blob(id);
        for (Path path : List.of(blob, volume.layout().quarantine(id), blob)) {
            try {
                return Optional.of(volume.filesystem().open(path));
            } catch (NoSuchFileException e) {
                LOG.debug("{} is not there", path, e);
            } catch (IOException e) {
                throw volume.readFailed("open a blob", e);
            }
        }
        return Optional.empty();
    }

    @Override
    public BlobDescriptor describe(BlobId id) throws BlobStoreException {
        try (BlobReader reader = reader(id, OptionalInt.empty(), 0, 0)) {
            return reader.descriptor();
        }
    }

    @Override
    public boolean delete(BlobId id) throws BlobStoreException {
        return new BlobFiles(volumes.volume(id.store())).delete(id, this::isWhole);
    }

    private boolean isWhole(BlobId id) {
        try {
            verify(id);
            return true;
        } catch (BlobStoreException e) {
            LOG.debug("blob {} is not whole", id, e);
            return false;
        }
    }

    @Override
    public void verify(BlobId id) throws BlobStoreException {
        long payload;
        try (BlobReader reader = reader(id, OptionalInt.empty(), 0, 0)) {
            payload = reader.payload();
            reader.descriptor();
            reader.verifyTable();
        }
        try (BlobReader reader = reader(id, OptionalInt.empty(), 0, payload)) {
            reader.verifyPayload();
        }
    }
}
