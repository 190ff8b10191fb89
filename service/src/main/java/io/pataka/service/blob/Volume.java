package io.pataka.service.blob;

import io.pataka.service.model.BlobId;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One directory of blobs, usually a disk. After a failed fsync or an I/O error nothing is written to it until the service starts
 * again: the kernel may have dropped the pages and called them clean, so that a second fsync would succeed without them. Reading
 * goes on, since every block is verified.
 */
final class Volume {

    private static final Logger LOG = LoggerFactory.getLogger(Volume.class);
    private static final long USABLE_FOR = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int LEVEL = 256;

    private final VolumeSettings settings;
    private final Filesystem filesystem;
    private final ShardLayout layout;
    private final Upper[] uppers = new Upper[LEVEL];
    private final ShardTurns turns = new ShardTurns();

    private volatile String failure;
    private volatile long usable;
    private volatile long usableAt;

    Volume(VolumeSettings settings, Filesystem filesystem) {
        this.settings = settings;
        this.filesystem = filesystem;
        this.layout = new ShardLayout(settings.path());
        for (int i = 0; i < LEVEL; i++) {
            uppers[i] = new Upper(i);
        }
        this.usable = filesystem.usable(settings.path());
        this.usableAt = System.nanoTime();
    }

    /** Creates the directories that every volume has. */
    void prepare() throws BlobStoreException {
        try {
            filesystem.createDirectory(layout.objects());
            filesystem.createDirectory(layout.incoming());
            filesystem.createDirectory(layout.quarantine());
            filesystem.forceDirectory(layout.root());
        } catch (IOException e) {
            throw failed("prepare the directories", e);
        }
    }

    int number() {
        return settings.number();
    }

    Filesystem filesystem() {
        return filesystem;
    }

    ShardLayout layout() {
        return layout;
    }

    VolumeSettings settings() {
        return settings;
    }

    boolean takesWrites() {
        return failure == null;
    }

    VolumeStatus status() {
        return new VolumeStatus(
                number(),
                settings.path(),
                settings.storageClasses(),
                filesystem.usable(settings.path()),
                filesystem.total(settings.path()),
                Optional.ofNullable(failure));
    }

    /** Bytes that can still be written, at most half a second old. */
    long usable() {
        long now = System.nanoTime();
        if (now - usableAt > USABLE_FOR) {
            usable = filesystem.usable(settings.path());
            usableAt = now;
        }
        return usable;
    }

    /**
     * @throws VolumeFailedException when nothing is written here any more
     */
    void requireWritable() throws VolumeFailedException {
        String reason = failure;
        if (reason != null) {
            throw new VolumeFailedException(this + " takes no writes: " + reason);
        }
    }

    /** Makes the content of a file durable; any failure is final for the volume. */
    void force(Filesystem.DiskFile file) throws BlobStoreException {
        try {
            file.force();
        } catch (ClosedChannelException e) {
            // The thread was interrupted, the disk is not to blame.
            throw failed("fsync", e);
        } catch (IOException e) {
            throw markBad("fsync", e);
        }
    }

    /** Makes the names in a directory durable; any failure is final for the volume. */
    void forceDirectory(Path directory) throws BlobStoreException {
        try {
            filesystem.forceDirectory(directory);
        } catch (ClosedChannelException e) {
            throw failed("fsync a directory", e);
        } catch (IOException e) {
            throw markBad("fsync a directory", e);
        }
    }

    /** An id for a blob that will lie here. */
    BlobId newId() {
        return BlobId.random(number(), turns.next());
    }

    /** Creates the directory that a blob goes to, unless it is there. */
    void prepareShard(BlobId id) throws BlobStoreException {
        upper(id).prepare(id.shard());
    }

    private Upper upper(BlobId id) {
        return uppers[id.shard() >>> 8];
    }

    /**
     * Makes the name durable that a blob was given: its directory, and, if that is new, the directories above. These come last
     * because a journal that was written for the first has the others in it already.
     */
    void forceName(BlobId id) throws BlobStoreException {
        upper(id).settle(id.shard());
    }

    /** What a failed call means for the request and for the volume. */
    BlobStoreException failed(String action, IOException e) {
        if (e instanceof BlobStoreException known) {
            return known;
        }
        if (e instanceof ClosedChannelException) {
            return new VolumeFailedException(this + " could not " + action + ": the thread was interrupted", e);
        }
        String message = String.valueOf(e.getMessage());
        if (message.contains("No space left") || message.contains("quota exceeded")) {
            usable = 0;
            usableAt = System.nanoTime();
            return new VolumeFullException(this + " is full", e);
        }
        if (message.contains("Input/output error") || message.contains("Read-only file system")) {
            return markBad(action, e);
        }
        LOG.warn("{} could not {}", this, action, e);
        return new VolumeFailedException(this + " could not " + action, e);
    }

    private VolumeFailedException markBad(String action, IOException e) {
        if (failure == null) {
            failure = "could not " + action + ": " + e.getMessage();
            LOG.error("{} could not {}; nothing is written to it until the service starts again", this, action, e);
        }
        return new VolumeFailedException(this + " could not " + action, e);
    }

    @Override
    public String toString() {
        return "volume " + number() + " (" + settings.path() + ")";
    }

    /** One directory of 256 shards, and which of them this process knows to be durable. */
    private final class Upper {

        private final ReentrantLock lock = new ReentrantLock();
        private final SharedFsync fsync = new SharedFsync(Volume.this);
        private final int index;
        private volatile BitSet durable;

        Upper(int index) {
            this.index = index;
        }

        void prepare(int shard) throws BlobStoreException {
            BitSet known = durable;
            if (known != null && known.get(shard & 0xFF)) {
                return;
            }
            lock.lock();
            try {
                if (durable == null) {
                    durable = found();
                }
                if (!durable.get(shard & 0xFF)) {
                    filesystem.createDirectory(layout.shard(shard));
                }
            } catch (IOException e) {
                throw failed("create a shard", e);
            } finally {
                lock.unlock();
            }
        }

        void settle(int shard) throws BlobStoreException {
            fsync.force(layout.shard(shard));
            if (durable.get(shard & 0xFF)) {
                return;
            }
            fsync.force(layout.upper(shard));
            lock.lock();
            try {
                BitSet more = (BitSet) durable.clone();
                more.set(shard & 0xFF);
                durable = more;
            } finally {
                lock.unlock();
            }
        }

        /** A process that was killed may have left directories that no fsync made durable: so fsync first, once. */
        private BitSet found() throws IOException {
            Path upper = layout.upper(index << 8);
            filesystem.createDirectory(upper);
            BitSet found = new BitSet(LEVEL);
            try (Stream<Path> entries = filesystem.list(upper)) {
                entries.forEach(it -> {
                    String name = it.getFileName().toString();
                    if (name.matches("[0-9a-f]{2}")) {
                        found.set(Integer.parseInt(name, 16));
                    }
                });
            }
            forceDirectory(upper);
            forceDirectory(layout.objects());
            return found;
        }
    }
}
