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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds what crashes left: files in {@code incoming} that nobody writes to any more, and blobs that nothing needs and nobody
 * retired. Those are retired rather than deleted, so that there is one way out of the store, with its grace.
 *
 * <p>The store is judged as a whole, at the end of a round: when the database does not know most of its blobs, and these are not just a
 * few, then it is rather the wrong database than all of them are orphans, and none is retired.
 */
public final class OrphanSweeper implements Job {

    private static final Logger LOG = LoggerFactory.getLogger(OrphanSweeper.class);
    private static final int BATCH = 1_000;
    private static final int FEW = 10;

    /** Of more orphans than that the rest is left to the next round, so that memory is bounded. */
    private static final int REMEMBERED = 100_000;

    private final BlobLedger ledger;
    private final BlobStore store;
    private final Clock clock;
    private final Duration age;
    private final Duration interval;
    private final ShardWalk walk;
    private final List<BlobId> unknown = new ArrayList<>();
    private final AtomicLong orphans = new AtomicLong();
    private final AtomicLong leftovers = new AtomicLong();
    private final AtomicLong doubted = new AtomicLong();
    private long judged;
    private long strange;

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

    /** Blobs since the start that the database did not know but that were left alone, because it knew so few. */
    public long doubted() {
        return doubted.get();
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
                retire();
                sweepIncoming();
                return Progress.IDLE;
            }
        } while (System.nanoTime() < end);
        return Progress.BUSY;
    }

    private void judge(BlobId blob) throws IOException {
        try {
            BlobDescriptor descriptor = store.describe(blob);
            if (!ledger.isRetired(blob) && !ledger.isNeeded(blob, descriptor.bucketId(), descriptor.key())) {
                strange++;
                if (unknown.size() < REMEMBERED) {
                    unknown.add(blob);
                }
            }
            judged++;
        } catch (FileNotFoundException e) {
            LOG.debug("blob {} was deleted meanwhile", blob, e);
        } catch (BlobDamagedException e) {
            // Whose it was cannot be told, so it is not for the sweeper; the scrubber counts it.
            LOG.warn("a blob cannot be judged: {}", e.getMessage());
        }
    }

    private void retire() {
        if (strange > FEW && strange * 2 > judged) {
            doubted.addAndGet(strange);
            LOG.error(
                    "the database does not know {} of {} blobs; none of them is retired. Is it this store's database?",
                    strange,
                    judged);
        } else if (!unknown.isEmpty()) {
            for (int from = 0; from < unknown.size(); from += BATCH) {
                ledger.retire(unknown.subList(from, Math.min(from + BATCH, unknown.size())));
            }
            orphans.addAndGet(unknown.size());
            LOG.info("{} blobs belong to nobody and are retired", unknown.size());
        }
        unknown.clear();
        strange = 0;
        judged = 0;
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
