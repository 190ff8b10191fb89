package io.pataka.service.blob;

import io.pataka.service.model.BlobId;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The blobs that are files on volumes. A page is a shard, so a page has more blobs the more there are on the volume. Where the directory
 * above 256 shards does not exist, one page without blobs stands for all of them. A position is the number of the volume and the
 * index of the shard in hexadecimal digits: {@code 1:00ff}.
 */
public final class ShardedBlobInventory implements BlobInventory {

    private static final Logger LOG = LoggerFactory.getLogger(ShardedBlobInventory.class);

    /** The last of the 256 shards in a directory. */
    private static final int LAST = 0xFF;

    private static final Pattern POSITION = Pattern.compile("(\\d{1,5}):([0-9a-f]{4})");

    private final VolumeSet volumes;

    public ShardedBlobInventory(VolumeSet volumes) {
        this.volumes = Objects.requireNonNull(volumes);
    }

    @Override
    public List<Integer> stores() {
        return volumes.numbers();
    }

    @Override
    public boolean isWell(int store) {
        try {
            return volumes.volume(store).isWell();
        } catch (StoreFailedException e) {
            LOG.debug("volume {} is not configured here", store, e);
            return false;
        }
    }

    @Override
    public Page page(Optional<String> position) {
        Shard shard = shard(position);
        try {
            return page(shard, volumes.volume(shard.volume()));
        } catch (BlobStoreException e) {
            return new Page(List.of(), after(shard), Optional.of(e));
        }
    }

    private Page page(Shard shard, Volume volume) throws BlobStoreException {
        if (!volume.filesystem().exists(volume.layout().upper(shard.index()))) {
            Shard last = new Shard(shard.volume(), shard.index() | LAST);
            return new Page(List.of(), after(last), Optional.empty());
        }
        return new Page(blobs(shard, volume), after(shard), Optional.empty());
    }

    /** The position of the page that follows a shard. */
    private Optional<String> after(Shard shard) {
        return following(shard).map(ShardedBlobInventory::text);
    }

    /** The shard of a position. Instead of one on a volume that was removed: the first on the volume after it, or the very first. */
    private Shard shard(Optional<String> position) {
        Matcher words = POSITION.matcher(position.orElse(""));
        if (!words.matches()) {
            return first();
        }
        int volume = Integer.parseInt(words.group(1));
        return volumes.numbers().contains(volume)
                ? new Shard(volume, Integer.parseInt(words.group(2), 16))
                : firstAfter(volume).orElseGet(this::first);
    }

    private Shard first() {
        return new Shard(volumes.numbers().get(0), 0);
    }

    private Optional<Shard> following(Shard shard) {
        return shard.index() + 1 < Shard.COUNT
                ? Optional.of(new Shard(shard.volume(), shard.index() + 1))
                : firstAfter(shard.volume());
    }

    private Optional<Shard> firstAfter(int volume) {
        OptionalInt next = volumes.numbers().stream()
                .mapToInt(Integer::intValue)
                .filter(it -> it > volume)
                .min();
        return next.isPresent() ? Optional.of(new Shard(next.getAsInt(), 0)) : Optional.empty();
    }

    private static String text(Shard shard) {
        return shard.volume() + ":" + HexFormat.of().toHexDigits((short) shard.index());
    }

    private static List<BlobEntry> blobs(Shard shard, Volume volume) throws BlobStoreException {
        try (Stream<Path> files = volume.filesystem().list(volume.layout().shard(shard.index()))) {
            return files.flatMap(path -> entry(volume, path).stream()).toList();
        } catch (IOException e) {
            throw volume.readFailed("list a shard", e);
        }
    }

    private static Optional<BlobEntry> entry(Volume volume, Path path) {
        try {
            BlobId id = BlobId.parse(path.getFileName().toString());
            return Optional.of(new BlobEntry(id, volume.filesystem().changed(path)));
        } catch (IllegalArgumentException e) {
            LOG.warn("{} has a file that is not a blob: {}", volume, path);
            return Optional.empty();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn("{} could not read the change time of {}", volume, path, e);
            return Optional.empty();
        }
    }

    @Override
    public Set<BlobId> putBack(BlobId id) throws BlobStoreException {
        return files(id).putBack(id);
    }

    private BlobFiles files(BlobId id) throws BlobStoreException {
        return new BlobFiles(volumes.volume(id.store()));
    }

    @Override
    public String quarantine(BlobId id) throws BlobStoreException {
        return files(id).quarantine(id).toString();
    }

    @Override
    public List<BlobId> quarantined(int store) throws BlobStoreException {
        Volume volume = volumes.volume(store);
        try (Stream<Path> entries = volume.filesystem().list(volume.layout().quarantine())) {
            return entries.flatMap(path -> entry(volume, path).stream())
                    .map(BlobEntry::id)
                    .toList();
        } catch (IOException e) {
            throw volume.readFailed("list its quarantine", e);
        }
    }

    @Override
    public boolean release(BlobId id) throws BlobStoreException {
        return files(id).release(id);
    }

    @Override
    public int removeIncomplete(int store, Duration age) throws BlobStoreException {
        Volume volume = volumes.volume(store);
        Instant limit = Instant.now().minus(age);
        int removed = 0;
        try (Stream<Path> incoming = volume.filesystem().list(volume.layout().incoming())) {
            for (Iterator<Path> it = incoming.iterator(); it.hasNext(); ) {
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
            throw volume.readFailed("remove its incomplete writes", e);
        }
        return removed;
    }
}
