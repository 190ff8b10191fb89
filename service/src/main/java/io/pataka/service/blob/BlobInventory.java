package io.pataka.service.blob;

import io.pataka.service.model.BlobId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Which blobs there are, for the jobs that look at all of them; and where damaged ones are kept. */
public interface BlobInventory {

    /** The numbers of the stores, ascending. */
    List<Integer> stores();

    /** Tries to write to a store and to read from it, and says whether both worked. */
    boolean isWell(int store);

    /**
     * One page of all blobs. A round is the pages from the beginning until there is no next one. A blob that is there during the whole
     * round, and not in quarantine, is on exactly one page.
     *
     * @param position the {@link Page#next()} of an earlier page, also from another process or before a restart; empty begins a
     *     round. A position that is not understood begins a round, too.
     */
    Page page(Optional<String> position);

    /**
     * Some blobs, and where the next page begins.
     *
     * @param blobs may be none, though more pages follow
     * @param next the position of the next page; empty after the last one
     * @param failure why blobs of this page cannot be listed now; the next page can be asked for nevertheless
     */
    record Page(List<BlobEntry> blobs, Optional<String> next, Optional<BlobStoreException> failure) {
        public Page {
            blobs = List.copyOf(blobs);
            Objects.requireNonNull(next);
            Objects.requireNonNull(failure);
        }
    }

    /**
     * A blob on a page.
     *
     * @param changed when the blob was written or moved last
     */
    record BlobEntry(BlobId id, Instant changed) {}

    /**
     * Moves what lies under the name of this blob, also in quarantine, but is another blob, to its own name, durably.
     *
     * @return the blobs that have their own names because of it
     */
    Set<BlobId> putBack(BlobId id) throws BlobStoreException;

    /**
     * Moves a damaged blob to quarantine, unless another one of the same name is there. It can still be read as far as it is not
     * damaged.
     *
     * @return where it is now, in words for the operator
     * @throws BlobGoneException when there is no such blob
     */
    String quarantine(BlobId id) throws BlobStoreException;

    /** The blobs in the quarantine of a store. */
    List<BlobId> quarantined(int store) throws BlobStoreException;

    /**
     * Moves a blob back from quarantine, durably.
     *
     * @return false when its place is taken; nothing is moved then
     * @throws BlobGoneException when it is not in quarantine
     */
    boolean release(BlobId id) throws BlobStoreException;

    /**
     * Removes incomplete writes of a store: what was begun and never committed.
     *
     * @param age only those that nothing was written to for so long
     * @return how many were removed
     */
    int removeIncomplete(int store, Duration age) throws BlobStoreException;
}
