package io.pataka.service.protocol;

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

    /** Adds an element beside {@code <Message>}: {@code <BucketName>}, {@code <ArgumentName>}, ... */
    public S3Exception with(String element, String value) {
        details.put(element, value);
        return this;
    }

    /** Adds a response header: {@code Retry-After}, {@code x-amz-delete-marker}, ... */
    public S3Exception header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    /** Says which rule decided, for the access log; the client is not told. */
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
