package io.pataka.service.job;

import io.pataka.service.blob.BlobDamagedException;
import io.pataka.service.blob.BlobDescriptor;
import io.pataka.service.blob.BlobGoneException;
import io.pataka.service.blob.BlobStore;
import io.pataka.service.blob.BlobStoreException;
import io.pataka.service.job.BlobInspector.Finding;
import io.pataka.service.metadata.BlobLedger;
import io.pataka.service.metadata.DamageLedger;
import io.pataka.service.model.BlobId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes retired blobs after a grace, during which downloads that began before may end. A blob that a copy needs is not deleted. The
 * blob is deleted before its line in the ledger, so a crash between the two repeats a deletion and forgets none.
 */
public final class BlobCollector implements Job {

    private static final Logger LOG = LoggerFactory.getLogger(BlobCollector.class);
    private static final int BATCH = 200;
    private static final int STUCK = 10_000;

    private final BlobLedger ledger;
    private final DamageLedger damage;
    private final BlobStore store;
    private final BlobInspector inspector;
    private final Duration grace;
    private final Set<BlobId> stuck = new HashSet<>();
    private final Set<BlobId> told = new HashSet<>();
    private final AtomicLong collected = new AtomicLong();

    /**
     * @param grace how long a retired blob stays; longer than any download of an object in several parts
     */
    public BlobCollector(
            BlobLedger ledger, DamageLedger damage, BlobStore store, BlobInspector inspector, Duration grace) {
        this.ledger = ledger;
        this.damage = damage;
        this.store = store;
        this.inspector = inspector;
        this.grace = grace;
    }

    @Override
    public String name() {
        return "blob-collector";
    }

    @Override
    public Schedule schedule() {
        return new Schedule(Duration.ofSeconds(30), 0.5);
    }

    /** Blobs deleted since the start. */
    public long collected() {
        return collected.get();
    }

    @Override
    public Progress runSlice(Duration budget) throws IOException {
        long end = System.nanoTime() + budget.toNanos();
        boolean moreParts;
        boolean moreBlobs;
        do {
            moreParts = ledger.retireParts(BATCH);
            moreBlobs = collectBatch();
        } while ((moreParts || moreBlobs) && System.nanoTime() < end);
        if (moreParts || moreBlobs) {
            return Progress.BUSY;
        }
        told.retainAll(stuck);
        stuck.clear();
        return Progress.IDLE;
    }

    /** Whether there may be more. */
    private boolean collectBatch() throws IOException {
        // Blobs of a failed store stay at the head of the queue: read past them.
        int limit = BATCH + stuck.size();
        List<BlobId> due = ledger.due(grace, limit);
        List<BlobId> settled = new ArrayList<>();
        List<BlobId> gone = new ArrayList<>();
        for (BlobId blob : due) {
            if (!stuck.contains(blob) && settle(blob, gone)) {
                settled.add(blob);
            }
        }
        if (!settled.isEmpty()) {
            damage.clear(gone);
            ledger.settled(settled);
        }
        return due.size() == limit && stuck.size() < STUCK;
    }

    private boolean settle(BlobId blob, List<BlobId> gone) throws IOException {
        try {
            BlobDescriptor descriptor = store.describe(blob);
            if (!ledger.isNeeded(blob, descriptor.bucketId(), descriptor.key())) {
                delete(blob, gone);
            }
            return true;
        } catch (BlobGoneException e) {
            LOG.debug("blob {} was deleted before", blob, e);
            if (damage.isAbandoned(blob, ContentAudit.NAME)) {
                gone.add(blob);
            }
            return true;
        } catch (BlobDamagedException e) {
            return settleUnreadable(blob, e, gone);
        } catch (BlobStoreException e) {
            return stuck(blob, e);
        }
    }

    /** A blob that does not say which key it was written for. Only of a damaged one can it be told by the ledgers that it may go. */
    private boolean settleUnreadable(BlobId blob, BlobDamagedException e, List<BlobId> gone) throws IOException {
        if (!told.contains(blob) && inspector.inspect(blob) != Finding.DAMAGED) {
            // It is whole again, or is known to be missing, when it is tried next.
            stuck.add(blob);
            return false;
        }
        if (!damage.isAbandoned(blob, ContentAudit.NAME)) {
            return stuck(blob, e);
        }
        try {
            delete(blob, gone);
            return true;
        } catch (BlobStoreException stays) {
            return stuck(blob, stays);
        }
    }

    private void delete(BlobId blob, List<BlobId> gone) throws IOException {
        if (store.delete(blob)) {
            collected.incrementAndGet();
        }
        gone.add(blob);
    }

    private boolean stuck(BlobId blob, BlobStoreException e) {
        if (told.size() < STUCK && told.add(blob)) {
            LOG.warn("blob {} cannot be collected now, which is said once: {}", blob, e.getMessage());
        }
        stuck.add(blob);
        return false;
    }
}
