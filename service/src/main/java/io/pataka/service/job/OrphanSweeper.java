package io.pataka.service.job;

import io.pataka.service.blob.BlobDamagedException;
import io.pataka.service.blob.BlobDescriptor;
import io.pataka.service.blob.BlobGoneException;
import io.pataka.service.blob.BlobInventory;
import io.pataka.service.blob.BlobInventory.BlobEntry;
import io.pataka.service.blob.BlobStore;
import io.pataka.service.blob.BlobStoreException;
import io.pataka.service.metadata.BlobLedger;
import io.pataka.service.model.BlobId;
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
 * Finds what crashes left: incomplete writes, which are removed, and orphans. An orphan is a blob that no row names and that is not
 * retired. Orphans are retired, not deleted: the collector deletes them after its grace.
 *
 * <p>Orphans are retired at the end of a round. If most of the blobs are orphans, and they are not few, then the database is probably not
 * the one of these blobs, and no blob is retired.
 */
public final class OrphanSweeper implements Job {

    private static final Logger LOG = LoggerFactory.getLogger(OrphanSweeper.class);
    private static final int BATCH = 1_000;
    private static final int FEW = 10;

    /** The most orphans of one round, so that memory is bounded. The next round finds the others. */
    private static final int REMEMBERED = 100_000;

    private final BlobLedger ledger;
    private final BlobStore store;
    private final BlobInventory inventory;
    private final Clock clock;
    private final Duration age;
    private final Duration interval;
    private final InventoryWalk walk;
    private final List<BlobId> unknown = new ArrayList<>();
    private final AtomicLong orphans = new AtomicLong();
    private final AtomicLong incomplete = new AtomicLong();
    private final AtomicLong doubted = new AtomicLong();
    private long judged;
    private long strange;

    /**
     * @param age of the blobs that are judged; longer than any request, since the row of a blob is written at the end of the request
     * @param interval between two rounds
     */
    public OrphanSweeper(
            BlobLedger ledger, BlobStore store, BlobInventory inventory, Clock clock, Duration age, Duration interval) {
        this.ledger = ledger;
        this.store = store;
        this.inventory = inventory;
        this.clock = clock;
        this.age = age;
        this.interval = interval;
        this.walk = new InventoryWalk(inventory);
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

    /** Incomplete writes removed since the start. */
    public long incomplete() {
        return incomplete.get();
    }

    /** Orphans since the start that were not retired, because they were most of the blobs. */
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
                removeIncomplete();
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
        } catch (BlobGoneException e) {
            LOG.debug("blob {} was deleted meanwhile", blob, e);
        } catch (BlobDamagedException e) {
            // Its descriptor does not say which key it was written for. The scrubber reports it.
            LOG.warn("whether a blob is an orphan cannot be decided: {}", e.getMessage());
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
            LOG.info("{} orphaned blobs are retired", unknown.size());
        }
        unknown.clear();
        strange = 0;
        judged = 0;
    }

    private void removeIncomplete() {
        for (int number : inventory.stores()) {
            try {
                incomplete.addAndGet(inventory.removeIncomplete(number, age));
            } catch (BlobStoreException e) {
                LOG.warn("the incomplete writes of store {} are not removed", number, e);
            }
        }
    }
}
