package io.pataka.service.operation.listing;

import io.pataka.service.model.UploadId;
import java.util.Arrays;
import java.util.Optional;

/**
 * A place in a listing: before a key, after it, or, among the versions or uploads of a key, after one of them.
 *
 * @param key bytes to begin at; may be longer than a key, and empty for the beginning
 * @param inclusive whether {@code key} itself is still to come
 * @param olderThan of {@code key}, only the versions with a smaller sequence are still to come
 * @param laterThan of {@code key}, only the uploads after this one are still to come
 */
record ListingPosition(byte[] key, boolean inclusive, Optional<Long> olderThan, Optional<UploadId> laterThan) {

    static final ListingPosition BEGINNING = at(KeyBytes.NONE);

    static ListingPosition at(byte[] key) {
        return new ListingPosition(key, true, Optional.empty(), Optional.empty());
    }

    static ListingPosition after(byte[] key) {
        return new ListingPosition(key, false, Optional.empty(), Optional.empty());
    }

    static ListingPosition afterVersion(byte[] key, long sequence) {
        return new ListingPosition(key, true, Optional.of(sequence), Optional.empty());
    }

    static ListingPosition afterUpload(byte[] key, UploadId upload) {
        return new ListingPosition(key, true, Optional.empty(), Optional.of(upload));
    }

    /** This place, or the beginning of the keys with a prefix when that comes later. */
    ListingPosition notBefore(byte[] prefix) {
        return Arrays.compareUnsigned(key, prefix) < 0 ? at(prefix) : this;
    }
}
