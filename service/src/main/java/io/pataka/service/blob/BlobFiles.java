package io.pataka.service.blob;

import io.pataka.service.model.BlobId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of one volume and their names. A file of format 2 has the id of its blob. One thread of one process at a time moves files
 * between {@code objects} and {@code quarantine}. No move replaces a file that may be needed.
 */
final class BlobFiles {

    private static final Logger LOG = LoggerFactory.getLogger(BlobFiles.class);

    private final Volume volume;
    private final ShardLayout layout;
    private final Filesystem filesystem;

    BlobFiles(Volume volume) {
        this.volume = volume;
        this.layout = volume.layout();
        this.filesystem = volume.filesystem();
    }

    /** The last bytes of a file; none when it is not there. */
    private byte[] tail(Path path) throws BlobStoreException {
        try (Filesystem.DiskFile file = filesystem.open(path)) {
            long size = file.size();
            byte[] tail = new byte[(int) Math.min(BlobFormat.TAIL, size)];
            return Arrays.copyOf(tail, file.read(tail, 0, tail.length, size - tail.length));
        } catch (NoSuchFileException e) {
            return new byte[0];
        } catch (IOException e) {
            throw volume.readFailed("read the tail of a blob", e);
        }
    }

    /** The id in a file, if it is not the file's name. Empty for a file of format 1, or a damaged one. */
    private Optional<BlobId> other(Path path, BlobId name) throws BlobStoreException {
        return BlobFormat.Tail.identity(tail(path)).filter(found -> !found.equals(name));
    }

    /**
     * Renames files that have the name of this blob, in its shard or in quarantine, but another blob's id. Each gets the name of its
     * id. If that name is taken by a file with another id, that file is renamed as well, so two files that exchanged names are right
     * again. After a crash each file still has some name, and the next call continues.
     *
     * @return the blobs whose files have their own names because of it
     */
    Set<BlobId> putBack(BlobId blob) throws BlobStoreException {
        if (other(layout.blob(blob), blob).isEmpty()
                && other(layout.quarantine(blob), blob).isEmpty()) {
            return Set.of();
        }
        Set<BlobId> placed = new LinkedHashSet<>();
        Deque<Place> left = new ArrayDeque<>();
        left.add(new Place(layout.blob(blob), blob));
        left.add(new Place(layout.quarantine(blob), blob));
        try (Closeable alone = volume.alone()) {
            while (!left.isEmpty()) {
                Place place = left.remove();
                Optional<BlobId> found = other(place.path(), place.name());
                if (found.isPresent() && place(place.path(), found.get(), left)) {
                    placed.add(found.get());
                }
            }
        } catch (IOException e) {
            throw volume.writeFailed("put a blob back under its name", e);
        }
        return placed;
    }

    /** Whether the file with the name of a blob has the blob's id. */
    private boolean hasItsName(BlobId blob) throws BlobStoreException {
        return blob.store() == volume.number()
                && BlobFormat.Tail.identity(tail(layout.blob(blob)))
                        .filter(blob::equals)
                        .isPresent();
    }

    private record Place(Path path, BlobId name) {}

    private boolean place(Path from, BlobId own, Deque<Place> left) throws IOException {
        if (own.store() != volume.number()) {
            LOG.error("{} is blob {} of another volume, and is left where it lies", from, own);
            return false;
        }
        Path to = layout.blob(own);
        if (filesystem.exists(to)) {
            Path aside = layout.quarantine(own);
            byte[] inTheWay = tail(to);
            if (BlobFormat.Tail.identity(inTheWay).filter(own::equals).isPresent()) {
                LOG.warn("{} is a second file of blob {}", from, own);
                return false;
            }
            if (filesystem.exists(aside) || BlobFormat.Tail.hasNoIdentity(inTheWay)) {
                LOG.error("{} is blob {}, but {} is in the way and may be needed", from, own, to);
                return false;
            }
            filesystem.move(to, aside);
            volume.forceDirectory(layout.quarantine());
            volume.forceDirectory(to.getParent());
            left.add(new Place(aside, own));
        }
        volume.prepareShard(own);
        filesystem.move(from, to);
        volume.forceName(own);
        volume.forceDirectory(from.getParent());
        LOG.warn("{} was blob {} and is back under its name", from, own);
        return true;
    }

    /**
     * Moves a file to quarantine, unless there is one of that name already.
     *
     * @return where it lies now
     */
    Path quarantine(BlobId blob) throws BlobStoreException {
        Path aside = layout.quarantine(blob);
        Path path = layout.blob(blob);
        try (Closeable alone = volume.alone()) {
            if (filesystem.exists(aside)) {
                if (!filesystem.exists(path)) {
                    throw new BlobGoneException(blob);
                }
                return path;
            }
            filesystem.move(path, aside);
        } catch (NoSuchFileException e) {
            throw new BlobGoneException(blob);
        } catch (IOException e) {
            throw volume.writeFailed("quarantine a blob", e);
        }
        volume.forceDirectory(layout.quarantine());
        return aside;
    }

    /**
     * Moves a file back from quarantine.
     *
     * @return false when there is a file under the blob's name
     */
    boolean release(BlobId blob) throws BlobStoreException {
        volume.prepareShard(blob);
        try (Closeable alone = volume.alone()) {
            if (filesystem.exists(layout.blob(blob)) && filesystem.exists(layout.quarantine(blob))) {
                return false;
            }
            filesystem.move(layout.quarantine(blob), layout.blob(blob));
        } catch (NoSuchFileException e) {
            throw new BlobGoneException(blob);
        } catch (IOException e) {
            throw volume.writeFailed("release a blob", e);
        }
        volume.forceName(blob);
        volume.forceDirectory(layout.quarantine());
        return true;
    }

    /**
     * Deletes the files of a blob, here and in quarantine.
     *
     * @param isWhole whether a blob can be read whole, which is asked of the blob that a misplaced file is
     * @return whether there was one
     * @throws BlobMisplacedException when a file is another blob's, and that one is not whole without it
     */
    boolean delete(BlobId blob, Predicate<BlobId> isWhole) throws BlobStoreException {
        boolean deleted = false;
        for (Path path : List.of(layout.blob(blob), layout.quarantine(blob))) {
            if (!filesystem.exists(path)) {
                continue;
            }
            Optional<BlobId> other = other(path, blob);
            if (other.isPresent() && !(hasItsName(other.get()) && isWhole.test(other.get()))) {
                throw new BlobMisplacedException(path + " is blob " + other.get() + ", and is not deleted");
            }
            try {
                deleted |= filesystem.delete(path);
            } catch (IOException e) {
                throw volume.writeFailed("delete a blob", e);
            }
        }
        return deleted;
    }
}
