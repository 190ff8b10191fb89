package io.pataka.service.job;

import io.pataka.service.blob.BlobDamagedException;
import io.pataka.service.blob.BlobStore;
import io.pataka.service.blob.BlobStore.BlobEntry;
import io.pataka.service.blob.BlobStoreException;
import io.pataka.service.model.BlobId;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads every blob of the store once a round and verifies every byte of its file. What is damaged is read a second time, and if
 * that fails too, moved to quarantine, counted and logged.
 */
public final class BlobScrubber implements Job {

    private static final Logger LOG = LoggerFactory.getLogger(BlobScrubber.class);

    private final BlobStore store;
    private final Duration interval;
    private final ShardWalk walk;
    private final AtomicLong verified = new AtomicLong();
    private final AtomicLong damaged = new AtomicLong();
    private final AtomicLong unreadable = new AtomicLong();

    /**
     * @param interval between two rounds
     */
    public BlobScrubber(BlobStore store, Duration interval) {
        this.store = store;
        this.interval = interval;
        this.walk = new ShardWalk(store);
    }

    @Override
    public String name() {
        return "blob-scrubber";
    }

    @Override
    public Schedule schedule() {
        return new Schedule(interval, 0.05);
    }

    /** Blobs found intact since the start. */
    public long verified() {
        return verified.get();
    }

    /** Damaged blobs found since the start. */
    public long damaged() {
        return damaged.get();
    }

    /** Blobs that their volume could not read, since the start. */
    public long unreadable() {
        return unreadable.get();
    }

    @Override
    public Progress runSlice(Duration budget) throws IOException {
        long end = System.nanoTime() + budget.toNanos();
        do {
            Optional<BlobEntry> entry = walk.next();
            if (entry.isPresent()) {
                scrub(entry.get().id());
            } else if (!walk.advance()) {
                return Progress.IDLE;
            }
        } while (System.nanoTime() < end);
        return Progress.BUSY;
    }

    private void scrub(BlobId blob) throws IOException {
        try {
            verifyOrPutAside(blob);
        } catch (FileNotFoundException e) {
            LOG.debug("blob {} was deleted meanwhile", blob, e);
        } catch (BlobStoreException e) {
            unreadable.incrementAndGet();
            LOG.error("blob {} cannot be read", blob, e);
        }
    }

    private void verifyOrPutAside(BlobId blob) throws IOException {
        try {
            verifyTwice(blob);
            verified.incrementAndGet();
        } catch (BlobDamagedException e) {
            Path aside = store.quarantine(blob);
            damaged.incrementAndGet();
            LOG.error("a damaged blob lies in {} now: {}", aside, e.getMessage());
        }
    }

    /** What went wrong on the way from the disk, and not on the disk, is right the second time. */
    private void verifyTwice(BlobId blob) throws IOException {
        try {
            store.verify(blob);
        } catch (BlobDamagedException e) {
            LOG.warn("a blob is read again: {}", e.getMessage());
            store.verify(blob);
        }
    }
}
