package io.pataka.service.logging;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.pataka.service.model.BucketName;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.PercentCoding;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A line of a journal in Ceph's form: owner, bucket, time, operation, key, size, version and entity tag. A field without a value is a dash.
 * Unlike Ceph's, keys are percent-encoded, so that none can break the line.
 *
 * @param size of the content in bytes; 0 is written as a dash
 * @param version empty if the bucket was never versioned
 * @param etag perhaps empty
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/bucket_logging/#journal">Ceph: journal records</a>
 */
public record JournalLine(
        String bucketOwner,
        BucketName bucket,
        Instant time,
        String operation,
        ObjectKey key,
        long size,
        Optional<String> version,
        String etag) {

    public JournalLine {
        Objects.requireNonNull(bucketOwner);
        Objects.requireNonNull(bucket);
        Objects.requireNonNull(time);
        Objects.requireNonNull(operation);
        Objects.requireNonNull(key);
        Objects.requireNonNull(version);
        Objects.requireNonNull(etag);
    }

    /** The line in ASCII, without its line feed. */
    public byte[] line() {
        return new LogText()
                .token(bucketOwner)
                .token(bucket.text())
                .time(time)
                .token(operation)
                .word(Optional.of(PercentCoding.encodePath(key.bytes())))
                .number(size == 0 ? OptionalLong.empty() : OptionalLong.of(size))
                .token(version)
                .token(etag)
                .toString()
                .getBytes(US_ASCII);
    }
}
