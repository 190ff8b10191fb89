package io.pataka.service.logging;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.pataka.service.model.BucketName;
import io.pataka.service.model.ObjectKey;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A record of Amazon's access log: one line of 26 fields. What clients send cannot break the line or forge a field, because everything but
 * printable ASCII is escaped with percent signs, and quotes and backslashes are, too.
 *
 * @param bucketOwner id of the owner of the bucket
 * @param time when the request came
 * @param requestId {@code x-amz-request-id}; empty for a job
 * @param objectSize of the whole object; empty if it is not known
 * @param versionId that the request names
 * @param exchange empty for a job
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/LogFormat.html">AWS: server access log format</a>
 */
public record StandardRecord(
        String bucketOwner,
        BucketName bucket,
        Instant time,
        Optional<String> requestId,
        LoggedOperation operation,
        Optional<ObjectKey> key,
        OptionalLong objectSize,
        Optional<String> versionId,
        Optional<LoggedExchange> exchange) {

    /** The requester of what jobs do, as Amazon names it. */
    private static final String SERVICE = "AmazonS3";

    public StandardRecord {
        Objects.requireNonNull(bucketOwner);
        Objects.requireNonNull(bucket);
        Objects.requireNonNull(time);
        Objects.requireNonNull(requestId);
        Objects.requireNonNull(operation);
        Objects.requireNonNull(key);
        Objects.requireNonNull(objectSize);
        Objects.requireNonNull(versionId);
        Objects.requireNonNull(exchange);
    }

    /** The line in ASCII, without its line feed. */
    public byte[] line() {
        LogText line = new LogText();
        line.token(bucketOwner).token(bucket.text()).time(time);
        line.token(exchange.map(LoggedExchange::remoteAddress));
        line.token(exchange.isPresent() ? exchange.get().requester() : Optional.of(SERVICE));
        line.token(requestId).token(operation.name());
        line.word(key.map(operation::encoded));
        line.quoted(
                exchange.map(sent -> sent.method() + " " + LogText.escapedToken(sent.uri()) + " " + sent.protocol()));
        line.number(exchange.stream().mapToLong(LoggedExchange::status).findFirst());
        line.token(exchange.flatMap(LoggedExchange::errorCode));
        line.number(exchange.stream()
                .mapToLong(LoggedExchange::bytesSent)
                .filter(bytes -> bytes > 0)
                .findFirst());
        line.number(objectSize);
        line.number(exchange.stream().mapToLong(LoggedExchange::totalMillis).findFirst());
        line.number(exchange.map(LoggedExchange::turnAroundMillis).orElse(OptionalLong.empty()));
        line.quoted(exchange.flatMap(LoggedExchange::referer));
        line.quoted(exchange.flatMap(LoggedExchange::userAgent));
        line.token(versionId);
        line.token(exchange.map(LoggedExchange::hostId));
        line.token(exchange.flatMap(LoggedExchange::signature).map(LoggedExchange.Signature::version));
        line.token(exchange.flatMap(LoggedExchange::tls).map(LoggedExchange.Tls::cipherSuite));
        line.token(exchange.flatMap(LoggedExchange::signature).map(LoggedExchange.Signature::place));
        line.token(exchange.flatMap(LoggedExchange::host));
        line.token(exchange.flatMap(LoggedExchange::tls).map(LoggedExchange.Tls::version));
        line.token(Optional.empty());
        line.token(exchange.filter(LoggedExchange::aclRequired).map(required -> "Yes"));
        return line.toString().getBytes(US_ASCII);
    }
}
