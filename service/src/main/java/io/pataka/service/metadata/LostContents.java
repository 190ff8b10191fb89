package io.pataka.service.metadata;

import io.pataka.service.metadata.DamageLedger.Lost;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Content;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.UploadId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * The lost contents that this node knows of, in memory, so that no request asks the database for them. Some are in the ledger of
 * damage; others are suspects that a request failed to read and that a job has not inspected yet.
 */
public final class LostContents {

    /** The most lost blobs in memory. A read of any other lost blob fails when it reads the blob. */
    private static final int MOST = 100_000;

    private static final int SUSPECTS = 1_000;

    private final BlockingQueue<Suspect> suspects = new ArrayBlockingQueue<>(SUSPECTS);
    private volatile Lost lost = Lost.NOTHING;

    /**
     * A blob that a read of a version of this key failed on.
     *
     * @param bucketId of the key
     */
    public record Suspect(BlobId blob, long bucketId, ObjectKey key) {
        public Suspect {
            Objects.requireNonNull(blob);
            Objects.requireNonNull(key);
        }
    }

    /** Whether a content cannot be read whole any more, as far as this node knows. */
    public boolean has(Content content) {
        Lost known = lost;
        if (content instanceof Content.Whole whole) {
            return known.blobs().contains(whole.blob());
        }
        return content instanceof Content.Parts parts && known.uploads().contains(parts.upload());
    }

    /** Whether a blob is lost, as far as this node knows. */
    public boolean has(BlobId blob) {
        return lost.blobs().contains(blob);
    }

    /**
     * The part list of an upload is complete, and names no lost blob, though it may have done so before a part was uploaded again. Until
     * the ledger is read again only this node knows.
     */
    public void completed(UploadId upload) {
        Lost known = lost;
        if (known.uploads().contains(upload)) {
            Set<UploadId> uploads = new HashSet<>(known.uploads());
            uploads.remove(upload);
            lost = new Lost(known.blobs(), uploads);
        }
    }

    /** Has a blob looked at soon, unless very many wait for that already. */
    public void suspect(Suspect suspect) {
        if (!suspects.contains(suspect)) {
            // One that does not fit is met again by the next read.
            suspects.offer(suspect);
        }
    }

    /** Takes all that are to be looked at. */
    public List<Suspect> takeSuspects() {
        List<Suspect> taken = new ArrayList<>();
        suspects.drainTo(taken);
        return taken;
    }

    /**
     * Learns what the ledger has.
     *
     * @throws MetadataUnavailableException when the database does not answer; what was known stays known
     */
    public void refresh(DamageLedger ledger) {
        lost = ledger.lost(MOST);
    }
}
