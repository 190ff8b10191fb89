package io.pataka.service.blob;

import io.pataka.service.model.BlobId;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One directory of blobs, usually a disk. After a failed write or fsync nothing is written to it until probes succeed
 * ({@link WriteState}). No fsync is repeated, and no blob that was begun before a failure is acknowledged after it. The reason: after a
 * failed fsync the kernel may drop the pages and mark them clean, and then a second fsync succeeds without them. Blobs can still be
 * read, since every block is verified.
 */
final class Volume {

    private static final Logger LOG = LoggerFactory.getLogger(Volume.class);
    private static final long USABLE_FOR = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int LEVEL = 256;

    /** If a write fails with fewer bytes free than this, the disk is full. More than the largest write. */
    private static final long FULL = 16L << 20;

    private static final int PROBE = 4096;

    private final VolumeSettings settings;
    private final Filesystem filesystem;
    private final ShardLayout layout;
    private final Upper[] uppers = new Upper[LEVEL];
    private final ShardTurns turns = new ShardTurns();
    private final WriteState state = new WriteState();
    private final VolumeMarker marker;
    private final ReentrantLock moves = new ReentrantLock();

    private final LongSupplier clock;
    private volatile long usable;
    private volatile long usableAt;

    Volume(VolumeSettings settings, VolumeMarker marker, Filesystem filesystem, LongSupplier clock) {
        this.clock = clock;
        this.marker = marker;
        this.settings = settings;
        this.filesystem = filesystem;
        this.layout = new ShardLayout(settings.path());
        for (int i = 0; i < LEVEL; i++) {
            uppers[i] = new Upper(i);
        }
        this.usable = filesystem.usable(settings.path());
        this.usableAt = clock.getAsLong();
    }

    /** Creates the directories that every volume has. */
    void prepare() throws BlobStoreException {
        try {
            filesystem.createDirectory(layout.objects());
            filesystem.createDirectory(layout.incoming());
            filesystem.createDirectory(layout.quarantine());
            filesystem.forceDirectory(layout.root());
        } catch (IOException e) {
            throw writeFailed("prepare the directories", e);
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
        return state.failure().isEmpty();
    }

    StorageStatus status() {
        return new StorageStatus(
                number(),
                "volume " + number() + " at " + settings.path(),
                settings.storageClasses(),
                filesystem.usable(settings.path()),
                filesystem.total(settings.path()),
                state.failure());
    }

    /** Bytes that can still be written, at most half a second old. */
    long usable() {
        long now = clock.getAsLong();
        if (now - usableAt > USABLE_FOR) {
            usable = filesystem.usable(settings.path());
            usableAt = now;
        }
        return usable;
    }

    /** How often the volume failed so far. */
    int failures() {
        return state.failures();
    }

    /**
     * @param failuresBefore when the write began
     * @throws StoreFailedException when the volume takes no writes, or failed since the write began
     */
    void requireWritable(int failuresBefore) throws StoreFailedException {
        Optional<String> reason = state.failure();
        if (reason.isPresent()) {
            throw new StoreFailedException(this + " takes no writes: " + reason.get());
        }
        if (state.failures() != failuresBefore) {
            throw new StoreFailedException(this + " failed while the blob was written");
        }
    }

    /** Makes the content of a file durable; any failure is one of the volume. */
    void force(Filesystem.DiskFile file) throws BlobStoreException {
        try {
            file.force();
        } catch (ClosedChannelException e) {
            // The thread was interrupted, the disk is not to blame.
            throw writeFailed("fsync", e);
        } catch (IOException e) {
            throw markFailed("fsync", e);
        }
    }

    /** Makes the names in a directory durable; any failure is one of the volume. */
    void forceDirectory(Path directory) throws BlobStoreException {
        try {
            filesystem.forceDirectory(directory);
        } catch (ClosedChannelException e) {
            throw writeFailed("fsync a directory", e);
        } catch (IOException e) {
            if (!filesystem.canOpenFiles()) {
                throw new StoreFailedException(this + " could not open a directory to fsync it", e);
            }
            throw markFailed("fsync a directory", e);
        }
    }

    /**
     * Waits until no other thread and no other process moves files of this volume between names, and keeps them from it.
     *
     * @return to be closed
     */
    Closeable alone() throws IOException {
        moves.lock();
        try {
            Closeable lock = filesystem.lock(layout.moves());
            return () -> {
                try {
                    lock.close();
                } finally {
                    moves.unlock();
                }
            };
        } catch (IOException | RuntimeException e) {
            moves.unlock();
            throw e;
        }
    }

    /** An id for a new blob on this volume. */
    BlobId newId() {
        return shard().newId();
    }

    /** An id for a blob on this volume that gets the payload of another one. */
    BlobId newId(BlobId original) {
        return shard().newId(original);
    }

    private Shard shard() {
        return new Shard(number(), turns.next());
    }

    /** Creates the directory that a blob goes to, unless it is there. */
    void prepareShard(BlobId id) throws BlobStoreException {
        upper(id).prepare(Shard.index(id));
    }

    private Upper upper(BlobId id) {
        return uppers[Shard.index(id) >>> 8];
    }

    /**
     * Makes the name of a blob durable: its directory, and, if that is new, the directories above. Those come last: the journal that
     * was written for the first one has their entries already.
     */
    void forceName(BlobId id) throws BlobStoreException {
        upper(id).forceName(Shard.index(id));
    }

    /**
     * The exception for a failed read. The volume does not fail with it: a bad sector damages one blob, and does not affect what is
     * written to others.
     */
    BlobStoreException readFailed(String action, IOException e) {
        if (e instanceof BlobStoreException known) {
            return known;
        }
        LOG.warn("{} could not {}", this, action, e);
        return new StoreFailedException(this + " could not " + action, e);
    }

    /**
     * The exception for a failed write, with which the volume may fail as well. The text of the error is not examined, since its
     * language depends on the system.
     */
    BlobStoreException writeFailed(String action, IOException e) {
        if (e instanceof BlobStoreException known) {
            return known;
        }
        if (e instanceof ClosedChannelException) {
            return new StoreFailedException(this + " could not " + action + ": the thread was interrupted", e);
        }
        if (filesystem.usable(settings.path()) < FULL) {
            usable = 0;
            usableAt = clock.getAsLong();
            return new StoreFullException(this + " is full", e);
        }
        if (!filesystem.canOpenFiles()) {
            LOG.warn("{} could not {}, and the process can open no other file either", this, action, e);
            return new StoreFailedException(this + " could not " + action, e);
        }
        return markFailed(action, e);
    }

    private StoreFailedException markFailed(String action, IOException e) {
        if (state.fail("could not " + action + ": " + e.getMessage())) {
            LOG.error("{} could not {}; nothing is written to it until probes of it succeed", this, action, e);
        } else {
            LOG.warn("{}, which takes no writes, could not {}: {}", this, action, e.toString());
            LOG.debug("{} could not {}", this, action, e);
        }
        return new StoreFailedException(this + " could not " + action, e);
    }

    /** Whether the directory is this volume now. The directory of a disk that is not mounted is empty, and must not be used. */
    boolean isPresent() {
        try {
            return VolumeMarker.of(settings.path()).filter(marker::equals).isPresent();
        } catch (IOException e) {
            if (takesWrites()) {
                LOG.warn("{} has no marker that can be read: {}", this, e.toString());
            }
            LOG.debug("{} has no marker that can be read", this, e);
            return false;
        }
    }

    /** To be called each {@value WriteState#TICK_SECONDS} seconds: probes a volume that failed. */
    void tick() {
        if (takesWrites()) {
            state.worked();
            return;
        }
        int before = state.failures();
        try {
            probe();
        } catch (IOException | RuntimeException e) {
            LOG.debug("{} is not well yet", this, e);
            state.fail("a probe of it fails: " + e.getMessage());
            return;
        }
        if (state.proved(before)) {
            // Directories may have been lost in the failure.
            for (Upper upper : uppers) {
                upper.forget();
            }
            LOG.warn("{} takes writes again", this);
        }
    }

    /** Whether a probe succeeds now. */
    boolean isWell() {
        try {
            probe();
            return true;
        } catch (IOException e) {
            LOG.warn("a probe of {} fails: {}", this, e.toString());
            LOG.debug("a probe of {} fails", this, e);
            return false;
        }
    }

    /** Writes a file as a blob is written, reads it back and removes it. */
    private void probe() throws IOException {
        if (!isPresent()) {
            throw new StoreFailedException(this + " is not there");
        }
        byte[] bytes = new byte[PROBE];
        ThreadLocalRandom.current().nextBytes(bytes);
        Path fresh = layout.incoming().resolve("probe-" + UUID.randomUUID());
        Path named = fresh.resolveSibling(fresh.getFileName() + "-named");
        try {
            try (Filesystem.DiskFile file = filesystem.create(fresh)) {
                file.write(bytes, 0, bytes.length);
                file.flush();
                filesystem.move(fresh, named);
                file.force();
            }
            filesystem.forceDirectory(layout.incoming());
            byte[] back = new byte[PROBE];
            try (Filesystem.DiskFile file = filesystem.open(named)) {
                if (file.read(back, 0, PROBE, 0) != PROBE || !Arrays.equals(bytes, back)) {
                    throw new IOException("other bytes were read than written");
                }
            }
        } finally {
            filesystem.delete(fresh);
            filesystem.delete(named);
        }
    }

    @Override
    public String toString() {
        return "volume " + number() + " (" + settings.path() + ")";
    }

    /** One directory of 256 shards, and which of them are known to be durable. */
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
                throw writeFailed("create a shard", e);
            } finally {
                lock.unlock();
            }
        }

        void forget() {
            lock.lock();
            try {
                durable = null;
            } finally {
                lock.unlock();
            }
        }

        void forceName(int shard) throws BlobStoreException {
            fsync.force(layout.shard(shard));
            BitSet known = durable;
            if (known == null || known.get(shard & 0xFF)) {
                return;
            }
            fsync.force(layout.upper(shard));
            lock.lock();
            try {
                if (durable == known) {
                    BitSet more = (BitSet) known.clone();
                    more.set(shard & 0xFF);
                    durable = more;
                }
            } finally {
                lock.unlock();
            }
        }

        /** Calls fsync first: a process that was killed may have left directories that are not durable. */
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
