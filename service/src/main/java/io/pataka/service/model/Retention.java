package io.pataka.service.model;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * Until when a version must not be deleted.
 *
 * @param until to the microsecond; finer parts are dropped
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html">AWS: Object Lock</a>
 */
public record Retention(RetentionMode mode, Instant until) {

    public Retention {
        Objects.requireNonNull(mode);
        until = until.truncatedTo(ChronoUnit.MICROS);
    }
}
