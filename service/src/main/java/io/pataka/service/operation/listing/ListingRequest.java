package io.pataka.service.operation.listing;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.protocol.EncodingType;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.Optional;

/**
 * What all listings of keys are asked in the same words.
 *
 * @param prefix of the keys wanted; empty for all
 * @param delimiter empty for none
 * @param maxKeys 0 to 1,000: what the client asked for, cut to what a page may hold
 */
record ListingRequest(byte[] prefix, byte[] delimiter, int maxKeys, EncodingType encoding) {

    /**
     * @throws S3Exception InvalidArgument
     */
    static ListingRequest of(Parameters parameters) {
        return of(parameters, "max-keys");
    }

    /**
     * @param size the parameter that says how many lines a page has
     * @throws S3Exception InvalidArgument
     */
    static ListingRequest of(Parameters parameters, String size) {
        ListingRequest request = new ListingRequest(
                parameters.firstBytes("prefix").orElse(KeyBytes.NONE),
                parameters.firstBytes("delimiter").orElse(KeyBytes.NONE),
                Math.min(parameters.number(size).orElse(ListingPager.MAX_LINES), ListingPager.MAX_LINES),
                EncodingType.of(parameters));
        boolean unordered = parameters
                .first("allow-unordered")
                .filter("true"::equalsIgnoreCase)
                .isPresent();
        if (unordered && request.delimiter().length > 0) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "allow-unordered cannot be used with a delimiter")
                    .with("ArgumentName", "allow-unordered");
        }
        return request;
    }

    /**
     * @param start empty when nothing can be left to list
     * @throws S3Exception NoSuchBucket when nothing was found because the bucket is gone
     */
    <E> ListingPage<E> page(AdmittedCall call, ListingSource<E> source, Optional<ListingPosition> start) {
        ListingPage<E> page = start.map(
                        position -> new ListingPager<>(source).page(prefix, delimiter, position, maxKeys))
                .orElseGet(ListingPage::empty);
        if (page.lines().isEmpty()) {
            call.foundNothing();
        }
        return page;
    }

    String show(byte[] bytes) {
        return encoding.show(bytes);
    }
}
