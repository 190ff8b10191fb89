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
import java.util.Set;
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
        return BlobReader.open(id, volume, file(id, volume), buffers, offset, length);
    }

    /** The file where it belongs or in quarantine. */
    private static Filesystem.DiskFile file(BlobId id, Volume volume) throws IOException {
        Optional<Filesystem.DiskFile> file = found(id, volume);
        if (file.isEmpty() && volume.isPresent()) {
            // The volume may have been mounted only after the first look.
            file = found(id, volume);
            if (file.isEmpty() && volume.isPresent()) {
                throw new FileNotFoundException("blob " + id + " is gone");
            }
        }
        return file.orElseThrow(() -> new VolumeFailedException(volume + " is not there, and blob " + id + " with it"));
    }

    /** It may be on its way to quarantine or back. */
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
    public BlobDescriptor describe(BlobId id) throws IOException {
        try (BlobReader reader = reader(id, 0, 0)) {
            return reader.descriptor();
        }
    }

    @Override
    public boolean delete(BlobId id) throws BlobStoreException {
        return new BlobFiles(volumes.volume(id.volume())).delete(id, this::isWhole);
    }

    private boolean isWhole(BlobId id) {
        try {
            verify(id);
            return true;
        } catch (IOException e) {
            LOG.debug("blob {} is not whole", id, e);
            return false;
        }
    }

    @Override
    public Set<BlobId> putBack(BlobId id) throws BlobStoreException {
        return new BlobFiles(volumes.volume(id.volume())).putBack(id);
    }

    @Override
    public boolean isWell(int number) {
        try {
            return volumes.volume(number).isWell();
        } catch (VolumeFailedException e) {
            LOG.debug("volume {} is not here", number, e);
            return false;
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
            throw volume.readFailed("list a shard", e);
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
        return new BlobFiles(volumes.volume(id.volume())).quarantine(id);
    }

    @Override
    public List<BlobId> quarantined(int number) throws BlobStoreException {
        Volume volume = volumes.volume(number);
        try (Stream<Path> entries = volume.filesystem().list(volume.layout().quarantine())) {
            return entries.flatMap(path -> entry(volume, path).stream())
                    .map(BlobEntry::id)
                    .toList();
        } catch (IOException e) {
            throw volume.readFailed("list its quarantine", e);
        }
    }

    @Override
    public boolean release(BlobId id) throws IOException {
        return new BlobFiles(volumes.volume(id.volume())).release(id);
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
            throw volume.readFailed("sweep its incoming files", e);
        }
        return removed;
    }
}
