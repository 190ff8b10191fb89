package io.pataka.service.protocol;

import io.pataka.service.model.BucketName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Ends a request with an S3 error. It is unchecked, so that a body stream can throw it during a read; code with partly written
 * content closes it. Message and details are sent to the client and never contain a secret.
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
        // No stack trace: this is an answer and no fault.
        super(Objects.requireNonNull(message), null, false, false);
        this.error = Objects.requireNonNull(error);
    }

    /** The error for a bucket that does not exist. */
    public static S3Exception noSuchBucket(BucketName name) {
        return new S3Exception(S3Error.NO_SUCH_BUCKET).with("BucketName", name.text());
    }

    /**
     * Adds the name and the value of the wrong parameter, header or field: {@code <ArgumentName>} and {@code <ArgumentValue>}.
     */
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

    /** Adds the rule or the fault for the access log. It is not sent to the client. */
    public S3Exception because(String decidingRule) {
        this.rule = decidingRule;
        return this;
    }

    /** The rule that refused the request, if there was one. */
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

    /** Response headers of the error. */
    public Map<String, String> headers() {
        return Collections.unmodifiableMap(headers);
    }
}
