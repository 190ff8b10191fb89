package io.pataka.service.job;

import io.pataka.service.blob.BlobStore;
import io.pataka.service.blob.BlobStore.BlobEntry;
import io.pataka.service.blob.BlobStoreException;
import io.pataka.service.model.BlobId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has every blob of the store inspected once a round ({@link BlobInspector}), by the files that there are. What lies in quarantine
 * and is intact is moved back.
 */
public final class BlobScrubber implements Job {

    private static final Logger LOG = LoggerFactory.getLogger(BlobScrubber.class);

    private final BlobStore store;
    private final BlobInspector inspector;
    private final ArrayDeque<BlobId> aside = new ArrayDeque<>();
    private final Duration interval;
    private final ShardWalk walk;
    private final AtomicLong verified = new AtomicLong();
    private final AtomicLong damaged = new AtomicLong();
    private final AtomicLong unreadable = new AtomicLong();

    /**
     * @param interval between two rounds
     */
    public BlobScrubber(BlobStore store, BlobInspector inspector, Duration interval) {
        this.store = store;
        this.inspector = inspector;
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
            } else if (!aside.isEmpty()) {
                // A release that did not know its format, or a disk that was replaced, may have put an intact blob
                // aside.
                inspector.inspectAside(aside.remove());
            } else if (!walk.advance()) {
                return Progress.IDLE;
            } else if (walk.isAtTheEnd()) {
                collectAside();
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

    private void collectAside() {
        for (int volume : store.volumes()) {
            try {
                aside.addAll(store.quarantined(volume));
            } catch (BlobStoreException e) {
                LOG.warn("the quarantine of volume {} is not looked at", volume, e);
            }
        }
    }
}
