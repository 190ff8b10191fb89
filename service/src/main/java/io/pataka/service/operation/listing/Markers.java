package io.pataka.service.operation.listing;

import java.util.Arrays;
import java.util.Optional;

/** Where a listing begins that is asked to begin after a text of the client's. */
final class Markers {

    private Markers() {}

    /**
     * The place after a marker. A marker that is itself a common prefix, such as {@code NextMarker} may be, stands for all the
     * keys behind it.
     *
     * @param marker empty for the beginning
     * @return empty when nothing can come after the marker
     */
    static Optional<ListingPosition> after(byte[] marker, ListingRequest request) {
        if (marker.length == 0) {
            return Optional.of(ListingPosition.BEGINNING);
        }
        boolean isCommonPrefix = KeyBytes.startsWith(marker, request.prefix())
                && ListingPager.commonPrefix(marker, request.prefix(), request.delimiter())
                        .filter(common -> Arrays.equals(common, marker))
                        .isPresent();
        return isCommonPrefix
                ? KeyBytes.successor(marker).map(ListingPosition::at)
                : Optional.of(ListingPosition.after(marker));
    }
}
