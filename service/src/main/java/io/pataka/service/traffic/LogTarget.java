package io.pataka.service.traffic;

import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import java.time.Duration;
import java.util.Objects;

/**
 * Where the lines of the access log of a bucket go.
 *
 * @param source the bucket that is logged
 * @param bucket the bucket that the log is written to
 * @param prefix of the keys of log objects
 * @param rollAfter when a line has to be in a log object at the latest
 */
public record LogTarget(Bucket source, BucketName bucket, String prefix, Duration rollAfter) {

    public LogTarget {
        Objects.requireNonNull(source);
        Objects.requireNonNull(bucket);
        Objects.requireNonNull(prefix);
        Objects.requireNonNull(rollAfter);
    }
}
