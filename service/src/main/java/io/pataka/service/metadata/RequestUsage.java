package io.pataka.service.metadata;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/** How many requests there were. Every method throws {@link MetadataUnavailableException}. */
public interface RequestUsage {

    /**
     * What requests are counted by.
     *
     * @param account the owner of the bucket, or the caller's if there is none
     * @param hour its beginning
     * @param bucket its name; empty for requests to no bucket, {@code -} if the bucket did not exist
     * @param category Ceph's name of the operation
     */
    record Subject(String account, Instant hour, String bucket, String category) {
        public Subject {
            Objects.requireNonNull(account);
            Objects.requireNonNull(hour);
            Objects.requireNonNull(bucket);
            Objects.requireNonNull(category);
        }
    }

    /**
     * @param bytesSent of the bodies of replies
     * @param bytesReceived of the bodies of requests
     */
    record Counts(long ops, long successfulOps, long bytesSent, long bytesReceived) {

        public static final Counts NONE = new Counts(0, 0, 0, 0);

        public Counts plus(Counts other) {
            return new Counts(
                    ops + other.ops,
                    successfulOps + other.successfulOps,
                    bytesSent + other.bytesSent,
                    bytesReceived + other.bytesReceived);
        }
    }

    /** The requests of one subject. */
    record Line(Subject subject, Counts counts) {
        public Line {
            Objects.requireNonNull(subject);
            Objects.requireNonNull(counts);
        }
    }

    /**
     * Stores what one process counted, in place of what it stored of the same subjects before.
     *
     * @param node 16 bytes that no other process has
     * @param lines at most some hundred
     */
    void put(byte[] node, List<Line> lines);

    /**
     * What all processes counted of an account, by hour, bucket and category in this order.
     *
     * @param from the first hour that counts
     * @param to the first that does not
     * @param limit the most lines
     */
    List<Line> hours(String account, Instant from, Instant to, int limit);

    /** As {@link #hours}, with all hours added up; the hour of the lines is {@code from}. */
    List<Line> sums(String account, Instant from, Instant to, int limit);

    /**
     * Deletes what is older than an age.
     *
     * @param limit the most rows to delete
     * @return whether that many were deleted, so that there may be more
     */
    boolean expire(Duration age, int limit);
}
