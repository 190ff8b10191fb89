package io.pataka.service.job;

import io.pataka.service.blob.BlobDamagedException;
import io.pataka.service.blob.BlobDescriptor;
import io.pataka.service.blob.BlobFormatUnknownException;
import io.pataka.service.blob.BlobStore;
import io.pataka.service.blob.BlobStoreException;
import io.pataka.service.metadata.BlobLedger;
import io.pataka.service.metadata.DamageLedger;
import io.pataka.service.metadata.DamageLedger.Damage;
import io.pataka.service.metadata.DamageLedger.Kind;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.UploadId;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether a blob is lost. It is read whole, and a second time where the first one failed. What fails twice is written
 * down; what is damaged is moved to quarantine as well.
 */
public final class BlobInspector {

    private static final Logger LOG = LoggerFactory.getLogger(BlobInspector.class);

    private final BlobStore store;
    private final BlobLedger blobs;
    private final DamageLedger damage;

    public BlobInspector(BlobStore store, BlobLedger blobs, DamageLedger damage) {
        this.store = Objects.requireNonNull(store);
        this.blobs = Objects.requireNonNull(blobs);
        this.damage = Objects.requireNonNull(damage);
    }

    /** What became of an inspection. */
    public enum Finding {
        /** Every byte is as it was written. */
        INTACT,
        /** It is damaged, which is written down. */
        DAMAGED,
        /** There is no file, which is not written down: maybe nothing needs it. */
        MISSING,
        /** Its volume fails, this process may not read it, or a later release wrote it: it may be intact. */
        UNKNOWN
    }

    /**
     * Reads a whole blob. A file under its name that is another blob's is put back under its own name, and the blob is read again.
     */
    public Finding inspect(BlobId blob) throws IOException {
        return inspect(blob, true);
    }

    private Finding inspect(BlobId blob, boolean first) throws IOException {
        try {
            verifyTwice(blob);
            return Finding.INTACT;
        } catch (FileNotFoundException e) {
            return Finding.MISSING;
        } catch (BlobDamagedException e) {
            if (first && putBack(blob)) {
                return inspect(blob, false);
            }
            putAside(blob, e);
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
     * Looks at what lies in quarantine under the name of a blob. It goes back where it belongs if it is whole, or is another blob's.
     * Otherwise it is written down as damaged, unless it is already.
     */
    public void inspectAside(BlobId blob) throws IOException {
        if (putBack(blob)) {
            return;
        }
        try {
            store.verify(blob);
            if (store.release(blob)) {
                damage.clear(List.of(blob));
                LOG.warn("blob {} is intact and is back from quarantine", blob);
            }
        } catch (FileNotFoundException e) {
            LOG.debug("blob {} was deleted meanwhile", blob, e);
        } catch (BlobDamagedException e) {
            if (damage.find(blob).isEmpty()) {
                damaged(blob, e.getMessage());
            }
        } catch (BlobStoreException e) {
            LOG.debug("blob {} stays in quarantine", blob, e);
        }
    }

    /** Whether files lie under their own names now that did not. */
    private boolean putBack(BlobId blob) {
        try {
            Set<BlobId> placed = store.putBack(blob);
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

    /** What went wrong on the way from the disk, and not on the disk, is right the second time. */
    private void verifyTwice(BlobId blob) throws IOException {
        try {
            store.verify(blob);
        } catch (BlobFormatUnknownException e) {
            throw e;
        } catch (BlobStoreException e) {
            LOG.warn("a blob is read again: {}", e.getMessage());
            store.verify(blob);
        }
    }

    /** A blob that cannot be moved, because its volume takes no writes for example, is written down nevertheless. */
    private void putAside(BlobId blob, BlobDamagedException damage) {
        try {
            LOG.error("a damaged blob lies in {} now: {}", store.quarantine(blob), damage.getMessage());
        } catch (FileNotFoundException e) {
            LOG.error("a damaged blob lies in quarantine: {}", damage.getMessage());
        } catch (IOException e) {
            LOG.error("a damaged blob stays where it is: {}", damage.getMessage(), e);
        }
    }

    /**
     * A bad sector loses one blob; a disk that fails loses none until it is given up. After the probe it is read once more, because
     * the volume may have been away, or the process out of file descriptors, only until then.
     */
    private Finding unreadable(BlobId blob, BlobStoreException first) throws IOException {
        if (!store.isWell(blob.volume())) {
            LOG.error("blob {} cannot be read", blob, first);
            return Finding.UNKNOWN;
        }
        try {
            store.verify(blob);
            return Finding.INTACT;
        } catch (FileNotFoundException e) {
            return Finding.MISSING;
        } catch (BlobStoreException e) {
            if (e.getCause() instanceof AccessDeniedException || !store.isWell(blob.volume())) {
                LOG.error("blob {} cannot be read", blob, e);
                return Finding.UNKNOWN;
            }
            damaged(blob, "the disk cannot read it, and works otherwise: " + e.getMessage());
            return Finding.DAMAGED;
        }
    }

    /** Writes a damaged blob down. */
    void damaged(BlobId blob, String reason) {
        damage.record(blob, Kind.DAMAGED, reason);
        try {
            BlobDescriptor descriptor = store.describe(blob);
            if (blobs.isNeeded(blob, descriptor.bucketId(), descriptor.key())) {
                seen(blob, descriptor.bucketId(), descriptor.key());
                return;
            }
        } catch (IOException e) {
            LOG.debug("the descriptor of blob {} tells no key", blob, e);
        }
        LOG.error("blob {} is damaged, and which version needs it is not known yet: {}", blob, reason);
    }

    /** Writes a blob down that has no file, and that a version of a key needs. */
    void missing(BlobId blob) {
        damage.record(blob, Kind.MISSING, "there is no file");
        LOG.error("blob {} is needed and missing", blob);
    }

    /** Writes down, and tells the operator, that a version of a key needs a lost blob. */
    void seen(BlobId blob, long bucketId, ObjectKey key) {
        damage.seen(List.of(blob), bucketId, key);
        damage.find(blob).ifPresent(BlobInspector::tell);
    }

    /** As {@link #seen(BlobId, long, ObjectKey)}, of all lost blobs of a part list. */
    void seen(UploadId upload, long bucketId, ObjectKey key) {
        for (Damage part : damage.seen(upload, bucketId, key)) {
            damage.find(part.blob()).ifPresent(BlobInspector::tell);
        }
    }

    private static void tell(Damage lost) {
        LOG.error(
                "content of {} is lost: blob {} is {}: {}",
                lost.owner().map(Object::toString).orElse("a bucket that is gone"),
                lost.blob(),
                lost.kind(),
                lost.reason());
    }
}
