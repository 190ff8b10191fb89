package io.pataka.service.job;

import io.pataka.service.blob.BlobInventory;
import io.pataka.service.blob.BlobInventory.BlobEntry;
import io.pataka.service.blob.BlobStoreException;
import io.pataka.service.metadata.JobPositions;
import io.pataka.service.model.BlobId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Inspects every blob of the inventory once a round ({@link BlobInspector}). At the end of a round it looks at the blobs in
 * quarantine, and releases those that are intact. A round takes days; its position is stored, so another node or process continues it.
 */
public final class BlobScrubber implements Job {

    private static final String NAME = "blob-scrubber";
    private static final Logger LOG = LoggerFactory.getLogger(BlobScrubber.class);

    private final BlobInventory inventory;
    private final BlobInspector inspector;
    private final JobPositions positions;
    private final ArrayDeque<BlobId> quarantined = new ArrayDeque<>();
    private final Duration interval;
    private final InventoryWalk walk;
    private final AtomicLong verified = new AtomicLong();
    private final AtomicLong damaged = new AtomicLong();
    private final AtomicLong unreadable = new AtomicLong();
    private Optional<String> stored = Optional.empty();
    private boolean isQuarantineListed;

    /**
     * @param interval between two rounds
     */
    public BlobScrubber(BlobInventory inventory, BlobInspector inspector, JobPositions positions, Duration interval) {
        this.inventory = inventory;
        this.inspector = inspector;
        this.positions = positions;
        this.interval = interval;
        this.walk = new InventoryWalk(inventory);
    }

    @Override
    public String name() {
        return NAME;
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

    /** Blobs that their store could not read, since the start. */
    public long unreadable() {
        return unreadable.get();
    }

    @Override
    public Progress runSlice(Duration budget) throws IOException {
        long end = System.nanoTime() + budget.toNanos();
        continueAsStored();
        try {
            return scrubUntil(end);
        } finally {
            store();
        }
    }

    /** Another node may have worked since the last slice. */
    private void continueAsStored() {
        Optional<String> now = positions.position(NAME);
        if (!now.equals(stored)) {
            walk.moveTo(now);
            quarantined.clear();
            isQuarantineListed = false;
            stored = now;
        }
    }

    private void store() {
        Optional<String> reached = walk.position();
        if (reached.isPresent() && !reached.equals(stored)) {
            positions.advance(NAME, reached.get());
            stored = reached;
        }
    }

    private Progress scrubUntil(long end) throws IOException {
        do {
            Optional<BlobEntry> entry = walk.next();
            if (entry.isPresent()) {
                scrub(entry.get().id());
            } else if (!quarantined.isEmpty()) {
                // A blob in quarantine is intact if its disk was replaced, or if a release moved it that did not know
                // the format.
                inspector.inspectQuarantined(quarantined.remove());
            } else if (walk.isAtTheEnd() && !isQuarantineListed) {
                listQuarantine();
            } else if (!walk.advance()) {
                isQuarantineListed = false;
                walk.moveTo(Optional.empty());
                positions.finish(NAME);
                stored = Optional.empty();
                return Progress.IDLE;
            }
        } while (System.nanoTime() < end);
        return Progress.BUSY;
    }

    private void scrub(BlobId blob) throws IOException {
        switch (inspector.inspect(blob)) {
            case INTACT -> verified.incrementAndGet();
            case DAMAGED -> damaged.incrementAndGet();
            case UNKNOWN -> unreadable.incrementAndGet();
            case MISSING -> LOG.debug("blob {} was deleted meanwhile", blob);
        }
    }

    private void listQuarantine() {
        for (int store : inventory.stores()) {
            try {
                quarantined.addAll(inventory.quarantined(store));
            } catch (BlobStoreException e) {
                LOG.warn("the quarantine of store {} cannot be listed", store, e);
            }
        }
        isQuarantineListed = true;
    }
}
