package io.pataka.service.operation.service;

import io.pataka.service.metadata.RequestUsage.Counts;
import io.pataka.service.metadata.RequestUsage.Line;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.traffic.RequestBooks;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads how many requests an account had. */
final class BookedRequests {

    /** Lines in one answer, which is in memory. */
    private static final int MOST = 20_000;

    private final RequestBooks books;

    BookedRequests(RequestBooks books) {
        this.books = Objects.requireNonNull(books);
    }

    /**
     * By hour, bucket and category in this order if the caller named a date; else by bucket and category.
     *
     * @throws S3Exception InvalidArgument when there are too many for one answer
     */
    List<Line> lines(String account, UsagePeriod period) {
        List<Line> lines = period.named()
                ? books.hours(account, period.from(), period.to(), MOST + 1)
                : books.sums(account, period.from(), period.to(), MOST + 1);
        if (lines.size() > MOST) {
            throw new S3Exception(
                    S3Error.INVALID_ARGUMENT, "There were requests of too many kinds. Ask for a shorter time.");
        }
        return lines;
    }

    /** The lines of each hour and bucket, in their order. */
    static List<List<Line>> byBucket(List<Line> lines) {
        List<List<Line>> groups = new ArrayList<>();
        for (int from = 0; from < lines.size(); ) {
            int to = from + 1;
            while (to < lines.size() && isOfOneBucket(lines.get(from), lines.get(to))) {
                to++;
            }
            groups.add(lines.subList(from, to));
            from = to;
        }
        return groups;
    }

    private static boolean isOfOneBucket(Line one, Line other) {
        return one.subject().hour().equals(other.subject().hour())
                && one.subject().bucket().equals(other.subject().bucket());
    }

    /** The counts of each category. */
    static SortedMap<String, Counts> byCategory(List<Line> lines) {
        SortedMap<String, Counts> categories = new TreeMap<>();
        lines.forEach(line -> categories.merge(line.subject().category(), line.counts(), Counts::plus));
        return categories;
    }

    static Counts total(List<Line> lines) {
        return lines.stream().map(Line::counts).reduce(Counts.NONE, Counts::plus);
    }
}
