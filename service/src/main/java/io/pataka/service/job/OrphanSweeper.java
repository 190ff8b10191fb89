package io.pataka.service.job;

import io.pataka.service.blob.BlobDamagedException;
import io.pataka.service.blob.BlobDescriptor;
import io.pataka.service.blob.BlobStore;
import io.pataka.service.blob.BlobStore.BlobEntry;
import io.pataka.service.blob.BlobStoreException;
import io.pataka.service.metadata.BlobLedger;
import io.pataka.service.model.BlobId;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what crashes left: files in {@code incoming} that nobody writes to any more, and blobs that nothing needs. Those are
 * retired rather than deleted, so that there is one way out of the store, with its grace.
 */
public final class OrphanSweeper implements Job {

    private static final Logger LOG = LoggerFactory.getLogger(OrphanSweeper.class);

    private final BlobLedger ledger;
    private final BlobStore store;
    private final Clock clock;
    private final Duration age;
    private final Duration interval;
    private final ShardWalk walk;
    private final AtomicLong orphans = new AtomicLong();
    private final AtomicLong leftovers = new AtomicLong();

    /**
     * @param age younger blobs may still be about to be published and are left alone; longer than any request
     * @param interval between two rounds
     */
    public OrphanSweeper(BlobLedger ledger, BlobStore store, Clock clock, Duration age, Duration interval) {
        this.ledger = ledger;
        this.store = store;
        this.clock = clock;
        this.age = age;
        this.interval = interval;
        this.walk = new ShardWalk(store);
    }

    @Override
    public String name() {
        return "orphan-sweeper";
    }

    @Override
    public Schedule schedule() {
        return new Schedule(interval, 0.1);
    }

    /** Orphaned blobs found since the start. */
    public long orphans() {
        return orphans.get();
    }

    /** Unfinished files removed since the start. */
    public long leftovers() {
        return leftovers.get();
    }

    @Override
    public Progress runSlice(Duration budget) throws IOException {
        long end = System.nanoTime() + budget.toNanos();
        do {
            Optional<BlobEntry> entry = walk.next();
            if (entry.isPresent()) {
                if (entry.get().changed().isBefore(clock.instant().minus(age))) {
                    judge(entry.get().id());
                }
            } else if (!walk.advance()) {
                sweepIncoming();
                return Progress.IDLE;
            }
        } while (System.nanoTime() < end);
        return Progress.BUSY;
    }

    private void judge(BlobId blob) throws IOException {
        try {
            BlobDescriptor descriptor = store.describe(blob);
            if (!ledger.isNeeded(blob, descriptor.bucketId(), descriptor.key())) {
                ledger.retire(List.of(blob));
                orphans.incrementAndGet();
                LOG.info("blob {} belongs to nobody and is retired", blob);
            }
        } catch (FileNotFoundException e) {
            LOG.debug("blob {} was deleted meanwhile", blob, e);
        } catch (BlobDamagedException e) {
            // Whose it was cannot be told, so it is not for the sweeper; the scrubber counts it.
            LOG.warn("a blob cannot be judged: {}", e.getMessage());
        }
    }

    private void sweepIncoming() {
        for (int volume : store.volumes()) {
            try {
                leftovers.addAndGet(store.sweepIncoming(volume, age));
            } catch (BlobStoreException e) {
                LOG.warn("the incoming files of volume {} are not swept", volume, e);
            }
        }
    }
}
