package io.pataka.service.operation.listing;

import java.util.List;
import java.util.Optional;

/** Where a listing comes from: entries in the order of their keys. */
interface ListingSource<E> {

    /**
     * The next entries.
     *
     * @param before the first key no longer wanted; empty for none
     * @param limit 1 to 1,001
     */
    List<E> next(ListingPosition from, Optional<byte[]> before, int limit);

    /** The key of an entry. */
    byte[] key(E entry);

    /** The place just after an entry. */
    ListingPosition after(E entry);
}
