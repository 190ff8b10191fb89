package io.pataka.service.protocol;

import io.pataka.service.model.BucketName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Ends a request with an S3 error. Unchecked, so that a body stream may throw it in the middle of a read: whatever holds the
 * half-written content closes it on the way up. Its message and details reach the client and never hold a secret.
 */
public final class S3Exception extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final S3Error error;
    private final transient Map<String, String> details = new LinkedHashMap<>();
    private final transient Map<String, String> headers = new LinkedHashMap<>();
    private String rule;

    public S3Exception(S3Error error) {
        this(error, error.message());
    }

    public S3Exception(S3Error error, String message) {
        // An answer, not a fault: the stack is never printed, so it is not taken.
        super(Objects.requireNonNull(message), null, false, false);
        this.error = Objects.requireNonNull(error);
    }

    /** The error of a bucket that is not there, or not any more. */
    public static S3Exception noSuchBucket(BucketName name) {
        return new S3Exception(S3Error.NO_SUCH_BUCKET).with("BucketName", name.text());
    }

    /** Tells which parameter, header or field is wrong, and what it said: {@code <ArgumentName>} and {@code <ArgumentValue>}. */
    public S3Exception argument(String name, String value) {
        return with("ArgumentName", name).with("ArgumentValue", value);
    }

    /** Adds an element beside {@code <Message>}: {@code <BucketName>}, {@code <Key>}, ... */
    public S3Exception with(String element, String value) {
        details.put(element, value);
        return this;
    }

    /** Adds a response header: {@code Retry-After}, {@code x-amz-delete-marker}, ... */
    public S3Exception header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** Says which rule decided, or what is amiss, for the access log; the client is not told. */
    public S3Exception because(String decidingRule) {
        this.rule = decidingRule;
        return this;
    }

    /** The rule that decided, where one did. */
    public Optional<String> rule() {
        return Optional.ofNullable(rule);
    }

    public S3Error error() {
        return error;
    }

    /** Elements beside {@code <Message>}, in the order added. */
    public Map<String, String> details() {
        return Collections.unmodifiableMap(details);
    }

    /** Response headers that the error brings. */
    public Map<String, String> headers() {
        return Collections.unmodifiableMap(headers);
    }
}
