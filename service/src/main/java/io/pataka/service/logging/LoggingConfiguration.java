package io.pataka.service.logging;

import io.pataka.service.model.BucketName;
import io.pataka.service.protocol.KeyFilter;
import java.time.Duration;
import java.util.Objects;

/**
 * Where the log of a bucket is written, and how.
 *
 * @param target the bucket of the log objects
 * @param prefix with which their keys begin; perhaps empty
 * @param rollTime how long records wait for others before a log object is written; Ceph's addition
 * @param batchSize what a client asks for as {@code RecordsBatchSize}, and gets back; it has no effect, because records are always written
 *     in batches. Ceph's addition
 * @param filter of the keys whose changes are recorded; selects every key if {@code type} is {@link Type#STANDARD}
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLogging.html">AWS: PutBucketLogging</a>
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/bucket_logging/">Ceph: bucket logging</a>
 */
public record LoggingConfiguration(
        BucketName target,
        String prefix,
        LogKeyFormat keyFormat,
        Type type,
        Duration rollTime,
        int batchSize,
        KeyFilter filter) {

    /** What is recorded. */
    public enum Type {
        /** Every request, after its reply, if possible. */
        STANDARD("Standard"),
        /** Every change of an object, in its transaction; a change that cannot be recorded fails. */
        JOURNAL("Journal");

        private final String text;

        Type(String text) {
            this.text = text;
        }

        /** As documents spell it. */
        public String text() {
            return text;
        }
    }

    public LoggingConfiguration {
        Objects.requireNonNull(target);
        Objects.requireNonNull(prefix);
        Objects.requireNonNull(keyFormat);
        Objects.requireNonNull(type);
        Objects.requireNonNull(rollTime);
        Objects.requireNonNull(filter);
    }

    public boolean isJournal() {
        return type == Type.JOURNAL;
    }
}
