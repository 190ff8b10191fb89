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
    private final Set<BlobId> reported = new HashSet<>();
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
        reported.retainAll(stuck);
        stuck.clear();
        return Progress.IDLE;
    }

    /** Whether there may be more. */
    private boolean collectBatch() throws IOException {
        // Blobs of a failed store stay at the head of the queue: read past them.
        int limit = BATCH + stuck.size();
        List<BlobId> due = ledger.due(grace, limit);
        List<BlobId> done = new ArrayList<>();
        List<BlobId> gone = new ArrayList<>();
        for (BlobId blob : due) {
            if (!stuck.contains(blob) && collect(blob, gone)) {
                done.add(blob);
            }
        }
        if (!done.isEmpty()) {
            damage.clear(gone);
            ledger.unlist(done);
        }
        return due.size() == limit && stuck.size() < STUCK;
    }

    /** Whether the blob may be removed from the list. */
    private boolean collect(BlobId blob, List<BlobId> gone) throws IOException {
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
            return collectUnreadable(blob, e, gone);
        } catch (BlobStoreException e) {
            return stuck(blob, e);
        }
    }

    /**
     * A blob whose descriptor cannot be read, so that the key it was written for is not known. If it is damaged, the ledger of damage
     * says whether something needs it.
     */
    private boolean collectUnreadable(BlobId blob, BlobDamagedException e, List<BlobId> gone) throws IOException {
        if (!reported.contains(blob) && inspector.inspect(blob) != Finding.DAMAGED) {
            // The next attempt finds it intact or missing.
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
        if (reported.size() < STUCK && reported.add(blob)) {
            LOG.warn("blob {} cannot be deleted now; this is logged once: {}", blob, e.getMessage());
        }
        stuck.add(blob);
        return false;
    }
}
