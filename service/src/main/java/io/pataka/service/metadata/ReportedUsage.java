package io.pataka.service.metadata;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * How much of the counts of {@link RequestUsage} was reported to the cloud's metering. Every method throws
 * {@link MetadataUnavailableException}.
 */
public interface ReportedUsage {

    /**
     * @param bytesSent of the bodies of replies
     * @param bytesReceived of the bodies of requests
     */
    record Traffic(long requests, long bytesSent, long bytesReceived) {

        public static final Traffic NONE = new Traffic(0, 0, 0);

        public Traffic plus(Traffic other) {
            return new Traffic(
                    requests + other.requests, bytesSent + other.bytesSent, bytesReceived + other.bytesReceived);
        }

        /** What is more than in the other, and nothing of what is less. */
        public Traffic beyond(Traffic other) {
            return new Traffic(
                    Math.max(0, requests - other.requests),
                    Math.max(0, bytesSent - other.bytesSent),
                    Math.max(0, bytesReceived - other.bytesReceived));
        }
    }

    /**
     * The counts of an hour of which not everything was reported.
     *
     * @param account the owner of the buckets
     * @param hour its beginning
     */
    record Line(String account, Instant hour, Traffic counted, Traffic reported) {
        public Line {
            Objects.requireNonNull(account);
            Objects.requireNonNull(hour);
            Objects.requireNonNull(counted);
            Objects.requireNonNull(reported);
        }

        public Traffic unreported() {
            return counted.beyond(reported);
        }
    }

    /** What is to be reported of one account. */
    record Report(String account, Traffic traffic) {
        public Report {
            Objects.requireNonNull(account);
            Objects.requireNonNull(traffic);
        }
    }

    /**
     * What was not reported, by account and hour in this order.
     *
     * @param after the accounts whose ids are greater
     * @param from the first hour that is looked at
     * @param limit the most lines
     */
    List<Line> unreported(String after, Instant from, int limit);

    /**
     * Stores that what was counted in these lines is reported.
     *
     * @param lines at most some thousand
     */
    void reported(List<Line> lines);

    /**
     * Deletes what is older than an age.
     *
     * @param limit the most rows to delete
     * @return whether that many were deleted, so that there may be more
     */
    boolean expire(Duration age, int limit);
}
