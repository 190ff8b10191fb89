package io.pataka.service.job;

import io.pataka.service.blob.BlobDamagedException;
import io.pataka.service.blob.BlobDescriptor;
import io.pataka.service.blob.BlobFormatUnknownException;
import io.pataka.service.blob.BlobGoneException;
import io.pataka.service.blob.BlobStore;
import io.pataka.service.blob.BlobStoreException;
import io.pataka.service.job.BlobInspector.Finding;
import io.pataka.service.metadata.BlobLedger;
import io.pataka.service.metadata.ContentRows;
import io.pataka.service.metadata.ContentRows.Owner;
import io.pataka.service.metadata.ContentRows.Page;
import io.pataka.service.metadata.ContentRows.Row;
import io.pataka.service.metadata.DamageLedger;
import io.pataka.service.metadata.DamageLedger.Damage;
import io.pataka.service.metadata.DamageLedger.Kind;
import io.pataka.service.metadata.JobPositions;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Content;
import io.pataka.service.model.UploadId;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares every row that names content with its blob, once a round: whether the blob is there, and has the size and the MD5 of the row.
 * The scrub cannot find that, since it starts from the blobs. A round is continued by another process. The scrub, not the audit, reads
 * the bytes.
 */
public final class ContentAudit implements Job {

    /** Name of the job. */
    public static final String NAME = "content-audit";

    private static final Logger LOG = LoggerFactory.getLogger(ContentAudit.class);
    private static final int BATCH = 200;
    private static final int LOST = 100_000;

    private final ContentRows rows;
    private final JobPositions positions;
    private final BlobStore store;
    private final BlobInspector inspector;
    private final BlobLedger blobs;
    private final DamageLedger damage;
    private final Duration interval;
    private final Set<Integer> failedStores = new HashSet<>();
    private final AtomicLong audited = new AtomicLong();
    private Set<BlobId> lost = Set.of();
    private Set<UploadId> lostUploads = Set.of();

    /**
     * @param interval between two rounds
     */
    public ContentAudit(
            ContentRows rows,
            JobPositions positions,
            BlobStore store,
            BlobInspector inspector,
            BlobLedger blobs,
            DamageLedger damage,
            Duration interval) {
        this.rows = Objects.requireNonNull(rows);
        this.positions = Objects.requireNonNull(positions);
        this.store = Objects.requireNonNull(store);
        this.inspector = Objects.requireNonNull(inspector);
        this.blobs = Objects.requireNonNull(blobs);
        this.damage = Objects.requireNonNull(damage);
        this.interval = Objects.requireNonNull(interval);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Schedule schedule() {
        return new Schedule(interval, 0.05);
    }

    /** Rows compared with their blobs since the start. */
    public long audited() {
        return audited.get();
    }

    @Override
    public Progress runSlice(Duration budget) throws IOException {
        long end = System.nanoTime() + budget.toNanos();
        Optional<String> position = positions.position(NAME);
        do {
            Page page = rows.page(position, BATCH);
            lost = damage.lostAmong(blobs(page));
            // Rows of parts come before rows of objects, so lost parts are known here.
            lostUploads = hasParts(page) ? damage.lost(LOST).uploads() : Set.of();
            for (Row row : page.rows()) {
                audit(row);
                audited.incrementAndGet();
            }
            position = page.next();
            if (position.isEmpty()) {
                positions.finish(NAME);
                endRound();
                return Progress.IDLE;
            }
            positions.advance(NAME, position.get());
        } while (System.nanoTime() < end);
        return Progress.BUSY;
    }

    private static boolean hasParts(Page page) {
        return page.rows().stream().anyMatch(row -> row.content() instanceof Content.Parts);
    }

    private static List<BlobId> blobs(Page page) {
        return page.rows().stream()
                .map(Row::content)
                .filter(Content.Whole.class::isInstance)
                .map(content -> ((Content.Whole) content).blob())
                .toList();
    }

    private void audit(Row row) throws IOException {
        if (row.content() instanceof Content.Parts parts) {
            if (lostUploads.contains(parts.upload())) {
                row.owner().ifPresent(owner -> inspector.seen(parts.upload(), owner.bucketId(), owner.key()));
            }
            return;
        }
        BlobId blob = ((Content.Whole) row.content()).blob();
        boolean isLost = isLost(row, blob);
        // A lost blob that cannot be read now is still recorded as needed.
        if ((isLost || lost.contains(blob)) && row.owner().isPresent()) {
            Owner owner = row.owner().get();
            inspector.seen(blob, owner.bucketId(), owner.key());
        }
    }

    private boolean isLost(Row row, BlobId blob) throws IOException {
        if (failedStores.contains(blob.store())) {
            return false;
        }
        try {
            BlobDescriptor descriptor = store.describe(blob);
            return !agree(row, blob, descriptor) || lost.contains(blob) && !isWholeAgain(blob);
        } catch (BlobGoneException e) {
            return isMissing(row, blob);
        } catch (BlobDamagedException e) {
            Finding finding = inspector.inspect(blob);
            return finding == Finding.DAMAGED || finding == Finding.MISSING && isMissing(row, blob);
        } catch (BlobFormatUnknownException e) {
            LOG.warn("a blob cannot be audited: {}", e.getMessage());
            return false;
        } catch (BlobStoreException e) {
            return unreadable(row, blob, e);
        }
    }

    /** Whether a blob that is gone is still needed. An object that was overwritten or deleted meanwhile is not lost. */
    private boolean isMissing(Row row, BlobId blob) {
        if (!rows.isThere(row)) {
            return false;
        }
        inspector.missing(blob);
        return true;
    }

    /** Whether size and MD5 agree, since a file of the first format does not have the id of its blob. */
    private boolean agree(Row row, BlobId blob, BlobDescriptor descriptor) {
        boolean sameDigests =
                descriptor.digests().isEmpty() || descriptor.digests().get().mayHave(row.etag());
        if (descriptor.size() == row.size() && sameDigests) {
            return true;
        }
        if (rows.isThere(row)) {
            damage.record(
                    blob,
                    Kind.DAMAGED,
                    "the blob has " + descriptor.size() + " bytes"
                            + descriptor
                                    .digests()
                                    .map(it -> " with the MD5 " + it.md5())
                                    .orElse("")
                            + ", the row says " + row.size() + " and " + row.etag());
            return false;
        }
        return true;
    }

    /** Whether a blob that is recorded as lost can be read: an operator may have restored it. */
    private boolean isWholeAgain(BlobId blob) throws IOException {
        if (inspector.inspect(blob) != Finding.INTACT) {
            return false;
        }
        damage.clear(List.of(blob));
        LOG.warn("blob {} was lost and is whole again", blob);
        return true;
    }

    private boolean unreadable(Row row, BlobId blob, BlobStoreException e) throws IOException {
        Finding finding = inspector.inspect(blob);
        if (finding == Finding.UNKNOWN) {
            failedStores.add(blob.store());
            LOG.error("store {} is left out of this round of the audit", blob.store(), e);
        }
        return finding == Finding.DAMAGED || finding == Finding.MISSING && isMissing(row, blob);
    }

    /** Retires lost blobs that no row names. */
    private void endRound() {
        failedStores.clear();
        List<BlobId> unneeded;
        do {
            unneeded = damage.unseen(NAME, BATCH).stream().map(Damage::blob).toList();
            blobs.retire(unneeded);
        } while (unneeded.size() == BATCH);
    }
}
