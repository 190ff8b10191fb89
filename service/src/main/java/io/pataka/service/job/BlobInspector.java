package io.pataka.service.job;

import io.pataka.service.blob.BlobDamagedException;
import io.pataka.service.blob.BlobDescriptor;
import io.pataka.service.blob.BlobFormatUnknownException;
import io.pataka.service.blob.BlobGoneException;
import io.pataka.service.blob.BlobInventory;
import io.pataka.service.blob.BlobStore;
import io.pataka.service.blob.BlobStoreException;
import io.pataka.service.blob.StoreFailedException;
import io.pataka.service.metadata.BlobLedger;
import io.pataka.service.metadata.DamageLedger;
import io.pataka.service.metadata.DamageLedger.Damage;
import io.pataka.service.metadata.DamageLedger.Kind;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.UploadId;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether a blob is lost. A blob is read whole, and a second time if the first read fails. A blob that fails twice is
 * recorded as damaged, and is moved to quarantine.
 */
public final class BlobInspector {

    private static final Logger LOG = LoggerFactory.getLogger(BlobInspector.class);

    private final BlobStore store;
    private final BlobInventory inventory;
    private final BlobLedger blobs;
    private final DamageLedger damage;

    public BlobInspector(BlobStore store, BlobInventory inventory, BlobLedger blobs, DamageLedger damage) {
        this.store = Objects.requireNonNull(store);
        this.inventory = Objects.requireNonNull(inventory);
        this.blobs = Objects.requireNonNull(blobs);
        this.damage = Objects.requireNonNull(damage);
    }

    /** The result of an inspection. */
    public enum Finding {
        /** Every byte is as it was written. */
        INTACT,
        /** It is damaged, and is recorded as that. */
        DAMAGED,
        /** It is gone. That is not recorded, since a row that names it may be gone as well. */
        MISSING,
        /** It may be intact: its store fails, this process may not read it, or a later release wrote it. */
        UNKNOWN
    }

    /**
     * Reads a whole blob. If another blob lies under its name, that one is moved to its own name, and the blob is read again.
     */
    public Finding inspect(BlobId blob) throws IOException {
        return inspect(blob, true);
    }

    private Finding inspect(BlobId blob, boolean first) throws IOException {
        try {
            verifyTwice(blob);
            return Finding.INTACT;
        } catch (BlobGoneException e) {
            return Finding.MISSING;
        } catch (BlobDamagedException e) {
            if (first && putBack(blob)) {
                return inspect(blob, false);
            }
            quarantine(blob, e);
            damaged(blob, e.getMessage());
            return Finding.DAMAGED;
        } catch (BlobFormatUnknownException e) {
            LOG.warn("a blob cannot be verified: {}", e.getMessage());
            return Finding.UNKNOWN;
        } catch (BlobStoreException e) {
            return unreadable(blob, e);
        }
    }

    /**
     * Looks at a blob in quarantine. It is released if it is whole, and moved to its own name if it is another blob. Otherwise it is
     * recorded as damaged.
     */
    public void inspectQuarantined(BlobId blob) throws IOException {
        if (putBack(blob)) {
            return;
        }
        try {
            store.verify(blob);
            if (inventory.release(blob)) {
                damage.clear(List.of(blob));
                LOG.warn("blob {} is intact and is back from quarantine", blob);
            }
        } catch (BlobGoneException e) {
            LOG.debug("blob {} was deleted meanwhile", blob, e);
        } catch (BlobDamagedException e) {
            if (damage.find(blob).isEmpty()) {
                damaged(blob, e.getMessage());
            }
        } catch (BlobStoreException e) {
            LOG.debug("blob {} stays in quarantine", blob, e);
        }
    }

    /** Whether blobs have their own names now that did not. */
    private boolean putBack(BlobId blob) {
        try {
            Set<BlobId> placed = inventory.putBack(blob);
            for (BlobId back : placed) {
                if (damage.find(back).isPresent() && isWhole(back)) {
                    damage.clear(List.of(back));
                    LOG.warn("blob {} was lost and is whole again", back);
                }
            }
            return !placed.isEmpty();
        } catch (BlobStoreException e) {
            LOG.warn("what lies under the name of blob {} cannot be put back now", blob, e);
            return false;
        }
    }

    private boolean isWhole(BlobId blob) {
        try {
            store.verify(blob);
            return true;
        } catch (IOException e) {
            LOG.debug("blob {} is not whole", blob, e);
            return false;
        }
    }

    /** Reads twice, since bytes may change on the way from the disk and not on the disk. */
    private void verifyTwice(BlobId blob) throws IOException {
        try {
            store.verify(blob);
        } catch (BlobGoneException | BlobFormatUnknownException e) {
            throw e;
        } catch (BlobStoreException e) {
            LOG.warn("a blob is read again: {}", e.getMessage());
            store.verify(blob);
        }
    }

    /** A blob that cannot be moved is recorded nevertheless. Its store may take no writes, for example. */
    private void quarantine(BlobId blob, BlobDamagedException damage) {
        try {
            LOG.error("a damaged blob lies in {} now: {}", inventory.quarantine(blob), damage.getMessage());
        } catch (BlobGoneException e) {
            LOG.error("a damaged blob lies in quarantine: {}", damage.getMessage());
        } catch (IOException e) {
            LOG.error("a damaged blob stays where it is: {}", damage.getMessage(), e);
        }
    }

    /**
     * A bad sector loses one blob. A store that fails loses none. So the store is probed, and then the blob is read once more: the store
     * may have been unmounted, or the process out of file descriptors, only until then.
     */
    private Finding unreadable(BlobId blob, BlobStoreException first) throws IOException {
        if (!inventory.isWell(blob.store())) {
            LOG.error("blob {} cannot be read", blob, first);
            return Finding.UNKNOWN;
        }
        try {
            store.verify(blob);
            return Finding.INTACT;
        } catch (BlobGoneException e) {
            return Finding.MISSING;
        } catch (BlobStoreException e) {
            if (isAccessDenied(e) || !inventory.isWell(blob.store())) {
                LOG.error("blob {} cannot be read", blob, e);
                return Finding.UNKNOWN;
            }
            damaged(blob, "the store cannot read it, and works otherwise: " + e.getMessage());
            return Finding.DAMAGED;
        }
    }

    private static boolean isAccessDenied(BlobStoreException e) {
        return e instanceof StoreFailedException failed && failed.isAccessDenied();
    }

    /** Records a damaged blob. */
    void damaged(BlobId blob, String reason) {
        damage.record(blob, Kind.DAMAGED, reason);
        try {
            BlobDescriptor descriptor = store.describe(blob);
            if (blobs.isNeeded(blob, descriptor.bucketId(), descriptor.key())) {
                seen(blob, descriptor.bucketId(), descriptor.key());
                return;
            }
        } catch (IOException e) {
            LOG.debug("the descriptor of blob {} cannot be read", blob, e);
        }
        LOG.error("blob {} is damaged, and which version needs it is not known yet: {}", blob, reason);
    }

    /** Records a blob that is gone, and that a version of a key needs. */
    void missing(BlobId blob) {
        damage.record(blob, Kind.MISSING, "it is gone");
        LOG.error("blob {} is needed and missing", blob);
    }

    /** Records and logs that a version of a key needs a lost blob. */
    void seen(BlobId blob, long bucketId, ObjectKey key) {
        damage.seen(List.of(blob), bucketId, key);
        damage.find(blob).ifPresent(BlobInspector::report);
    }

    /** As {@link #seen(BlobId, long, ObjectKey)}, of all lost blobs of a part list. */
    void seen(UploadId upload, long bucketId, ObjectKey key) {
        for (Damage part : damage.seen(upload, bucketId, key)) {
            damage.find(part.blob()).ifPresent(BlobInspector::report);
        }
    }

    private static void report(Damage lost) {
        LOG.error(
                "content of {} is lost: blob {} is {}: {}",
                lost.owner().map(Object::toString).orElse("a bucket that is gone"),
                lost.blob(),
                lost.kind(),
                lost.reason());
    }
}
