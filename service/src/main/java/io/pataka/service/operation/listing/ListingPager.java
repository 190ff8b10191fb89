package io.pataka.service.operation.listing;

import io.pataka.service.operation.listing.ListingPage.Line;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Cuts one page out of an ordered source. Keys that share what comes up to the first delimiter after the prefix become one line,
 * and once that line is written the pager seeks past all of them, so that a page costs about as many entries, or as many
 * queries, as it has lines, however many keys lie behind a common prefix. Memory is bounded by the page.
 */
final class ListingPager<E> {

    /** The longest page, and the page of a client that names no size. */
    static final int MAX_LINES = 1000;

    /** Rows asked for after a common prefix swallowed the end of a batch: most likely the next prefix will, too. */
    private static final int SMALLEST_BATCH = 4;

    private static final int FIRST_BATCH_WITH_DELIMITER = 100;

    private final ListingSource<E> source;

    ListingPager(ListingSource<E> source) {
        this.source = source;
    }

    /**
     * @param prefix of the keys wanted; empty for all
     * @param delimiter empty for no common prefixes
     * @param maxLines 0 to {@link #MAX_LINES}; 0 gives an empty page that is the last
     */
    ListingPage<E> page(byte[] prefix, byte[] delimiter, ListingPosition start, int maxLines) {
        if (maxLines == 0) {
            return ListingPage.empty();
        }
        return new Cut(prefix, delimiter, maxLines).from(start);
    }

    /** The common prefix that a key is shown by, if it has one. */
    static Optional<byte[]> commonPrefix(byte[] key, byte[] prefix, byte[] delimiter) {
        if (delimiter.length == 0) {
            return Optional.empty();
        }
        int at = KeyBytes.indexOf(key, delimiter, prefix.length);
        return at < 0 ? Optional.empty() : Optional.of(Arrays.copyOf(key, at + delimiter.length));
    }

    /** One page in the making. */
    private final class Cut {
        private final byte[] prefix;
        private final byte[] delimiter;
        private final int maxLines;
        private final Optional<byte[]> end;
        private final List<Line<E>> lines = new ArrayList<>();
        /** Where the entries begin that are not in {@link #lines}; empty when there can be none. */
        private Optional<ListingPosition> rest;

        private Cut(byte[] prefix, byte[] delimiter, int maxLines) {
            this.prefix = prefix;
            this.delimiter = delimiter;
            this.maxLines = maxLines;
            this.end = KeyBytes.successor(prefix);
        }

        ListingPage<E> from(ListingPosition start) {
            ListingPosition first = start.notBefore(prefix);
            if (end.isPresent() && Arrays.compareUnsigned(first.key(), end.get()) >= 0) {
                return ListingPage.empty();
            }
            rest = Optional.of(first);
            int batch = delimiter.length == 0 ? wanted() : Math.min(wanted(), FIRST_BATCH_WITH_DELIMITER);
            while (rest.isPresent()) {
                List<E> entries = source.next(rest.get(), end, batch);
                boolean full = take(entries);
                if (full) {
                    return new ListingPage<>(lines, rest);
                }
                if (entries.size() < batch) {
                    break;
                }
                boolean swallowed = endsInCommonPrefix();
                batch = Math.min(wanted(), swallowed ? SMALLEST_BATCH : batch * 2);
            }
            return new ListingPage<>(lines, Optional.empty());
        }

        /** Lines still to be written, and one entry more, to find whether there is a next page. */
        private int wanted() {
            return maxLines - lines.size() + 1;
        }

        /** Adds lines; true when there is an entry that does not fit in the page. */
        private boolean take(List<E> entries) {
            for (E entry : entries) {
                byte[] key = source.key(entry);
                if (endsInCommonPrefix() && KeyBytes.startsWith(key, lastLine().commonPrefix())) {
                    continue;
                }
                if (lines.size() == maxLines) {
                    return true;
                }
                Optional<byte[]> common = commonPrefix(key, prefix, delimiter);
                if (common.isPresent()) {
                    lines.add(Line.ofPrefix(common.get()));
                    rest = KeyBytes.successor(common.get()).map(ListingPosition::at);
                } else {
                    lines.add(Line.of(entry));
                    rest = Optional.of(source.after(entry));
                }
            }
            return false;
        }

        private boolean endsInCommonPrefix() {
            return !lines.isEmpty() && lastLine().entry().isEmpty();
        }

        private Line<E> lastLine() {
            return lines.get(lines.size() - 1);
        }
    }
}
