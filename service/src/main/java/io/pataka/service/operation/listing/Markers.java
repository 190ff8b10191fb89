package io.pataka.service.operation.listing;

import java.util.Arrays;
import java.util.Optional;

/** Where a listing begins that is asked to begin after a text of the client's. */
final class Markers {

    private Markers() {}

    /**
     * The place after a marker. A common prefix such as {@code NextMarker} may be, and any other marker that a common prefix stands
     * for, stands for all the keys behind that prefix: Amazon does not list the prefix again.
     *
     * @param marker empty for the beginning
     * @return empty when nothing can come after the marker
     */
    static Optional<ListingPosition> after(byte[] marker, ListingRequest request) {
        return afterPrefix(commonPrefix(marker, request), marker);
    }

    /**
     * The place after the {@code start-after} of the second form. If it is a key in the middle of a common prefix, Amazon lists the
     * prefix again; it leaves out only a prefix that is named whole.
     *
     * @param key empty for the beginning
     * @return empty when nothing can come after it
     */
    static Optional<ListingPosition> afterKey(byte[] key, ListingRequest request) {
        return afterPrefix(commonPrefix(key, request).filter(common -> Arrays.equals(common, key)), key);
    }

    /** The common prefix that stands for a marker in the listing; empty when there is none. */
    static Optional<byte[]> commonPrefix(byte[] marker, ListingRequest request) {
        return KeyBytes.startsWith(marker, request.prefix())
                ? ListingPager.commonPrefix(marker, request.prefix(), request.delimiter())
                : Optional.empty();
    }

    private static Optional<ListingPosition> afterPrefix(Optional<byte[]> common, byte[] marker) {
        if (common.isPresent()) {
            return KeyBytes.successor(common.get()).map(ListingPosition::at);
        }
        return Optional.of(marker.length == 0 ? ListingPosition.BEGINNING : ListingPosition.after(marker));
    }
}
