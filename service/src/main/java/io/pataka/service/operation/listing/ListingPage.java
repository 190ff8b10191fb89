package io.pataka.service.operation.listing;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A page of a listing.
 *
 * @param lines entries and common prefixes, in order
 * @param next where the next page begins; empty when this one is the last
 */
record ListingPage<E>(List<Line<E>> lines, Optional<ListingPosition> next) {

    ListingPage {
        lines = List.copyOf(lines);
    }

    /** An entry, or the prefix that stands for all entries which share it. */
    record Line<E>(Optional<E> entry, byte[] commonPrefix) {

        static <E> Line<E> of(E entry) {
            return new Line<>(Optional.of(entry), KeyBytes.NONE);
        }

        static <E> Line<E> ofPrefix(byte[] commonPrefix) {
            return new Line<>(Optional.empty(), commonPrefix);
        }
    }

    /** The page after everything. */
    static <E> ListingPage<E> empty() {
        return new ListingPage<>(List.of(), Optional.empty());
    }

    boolean isTruncated() {
        return next.isPresent();
    }

    List<E> entries() {
        return lines.stream().flatMap(line -> line.entry().stream()).toList();
    }

    List<byte[]> commonPrefixes() {
        List<byte[]> prefixes = new ArrayList<>();
        for (Line<E> line : lines) {
            if (line.entry().isEmpty()) {
                prefixes.add(line.commonPrefix());
            }
        }
        return prefixes;
    }

    Optional<Line<E>> last() {
        return lines.isEmpty() ? Optional.empty() : Optional.of(lines.get(lines.size() - 1));
    }
}
