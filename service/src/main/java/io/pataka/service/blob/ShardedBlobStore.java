package io.pataka.service.blob;

import io.pataka.service.model.BlobId;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Blobs as files, two levels below each volume. */
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
    public BlobSource open(BlobId id, long offset, long length) throws IOException {
        return reader(id, offset, length);
    }

    private BlobReader reader(BlobId id, long offset, long length) throws IOException {
        Volume volume = volumes.volume(id.volume());
        return reader(id, volume, volume.layout().blob(id), offset, length);
    }

    private BlobReader reader(BlobId id, Volume volume, Path path, long offset, long length) throws IOException {
        Filesystem.DiskFile file;
        try {
            file = volume.filesystem().open(path);
        } catch (NoSuchFileException e) {
            throw missing(volume, id);
        } catch (IOException e) {
            throw volume.failed("open a blob", e);
        }
        return BlobReader.open(id, volume, file, buffers, offset, length);
    }

    private static IOException missing(Volume volume, BlobId id) {
        if (volume.filesystem().exists(volume.layout().quarantine(id))) {
            return new BlobDamagedException("blob " + id + " is in quarantine");
        }
        return new FileNotFoundException("blob " + id + " is gone");
    }

    @Override
    public BlobDescriptor describe(BlobId id) throws IOException {
        Volume volume = volumes.volume(id.volume());
        Path aside = volume.layout().quarantine(id);
        Path blob = volume.layout().blob(id);
        Path path = !volume.filesystem().exists(blob) && volume.filesystem().exists(aside) ? aside : blob;
        try (BlobReader reader = reader(id, volume, path, 0, 0)) {
            return reader.descriptor();
        }
    }

    @Override
    public boolean delete(BlobId id) throws BlobStoreException {
        Volume volume = volumes.volume(id.volume());
        try {
            boolean there = volume.filesystem().delete(volume.layout().blob(id));
            boolean aside = !there && volume.filesystem().delete(volume.layout().quarantine(id));
            return there || aside;
        } catch (IOException e) {
            throw volume.failed("delete a blob", e);
        }
    }

    @Override
    public List<Integer> volumes() {
        return volumes.numbers();
    }

    @Override
    public Stream<BlobEntry> walk(Shard shard) throws BlobStoreException {
        Volume volume = volumes.volume(shard.volume());
        try {
            return volume.filesystem()
                    .list(volume.layout().shard(shard.index()))
                    .flatMap(path -> entry(volume, path).stream());
        } catch (IOException e) {
            throw volume.failed("list a shard", e);
        }
    }

    private static Optional<BlobEntry> entry(Volume volume, Path path) {
        try {
            BlobId id = BlobId.parse(path.getFileName().toString());
            return Optional.of(new BlobEntry(id, volume.filesystem().changed(path)));
        } catch (IllegalArgumentException e) {
            LOG.warn("{} has a file that is no blob: {}", volume, path);
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn("{} could not tell the age of {}", volume, path, e);
            return Optional.empty();
        }
    }

    @Override
    public void verify(BlobId id) throws IOException {
        long payload;
        try (BlobReader reader = reader(id, 0, 0)) {
            payload = reader.payload();
            reader.descriptor();
            reader.verifyTable();
        }
        try (BlobReader reader = reader(id, 0, payload)) {
            reader.transferTo(OutputStream.nullOutputStream());
        }
    }

    @Override
    public Path quarantine(BlobId id) throws IOException {
        Volume volume = volumes.volume(id.volume());
        Path aside = volume.layout().quarantine(id);
        try {
            volume.filesystem().move(volume.layout().blob(id), aside);
        } catch (NoSuchFileException e) {
            throw new FileNotFoundException("blob " + id + " is gone");
        } catch (IOException e) {
            throw volume.failed("quarantine a blob", e);
        }
        volume.forceDirectory(volume.layout().quarantine());
        return aside;
    }

    @Override
    public int sweepIncoming(int number, Duration age) throws BlobStoreException {
        Volume volume = volumes.volume(number);
        Instant limit = Instant.now().minus(age);
        int removed = 0;
        try (Stream<Path> left = volume.filesystem().list(volume.layout().incoming())) {
            for (Iterator<Path> it = left.iterator(); it.hasNext(); ) {
                Path path = it.next();
                try {
                    if (volume.filesystem().changed(path).isBefore(limit)
                            && volume.filesystem().delete(path)) {
                        removed++;
                    }
                } catch (NoSuchFileException e) {
                    LOG.debug("{} was renamed or removed meanwhile", path, e);
                }
            }
        } catch (IOException e) {
            throw volume.failed("sweep its incoming files", e);
        }
        return removed;
    }
}
