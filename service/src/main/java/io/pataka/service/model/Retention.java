package io.pataka.service.model;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * Until when a version must not be deleted.
 *
 * @param until in whole milliseconds, as clients are told it; finer parts are rounded up, so that nothing is retained for less than was
 *     asked, and a client that sets what it was told does not shorten anything
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html">AWS: Object Lock</a>
 */
public record Retention(RetentionMode mode, Instant until) {

    public Retention {
        Objects.requireNonNull(mode);
        Instant whole = until.truncatedTo(ChronoUnit.MILLIS);
        until = whole.equals(until) ? whole : whole.plusMillis(1);
    }
}
