package io.pataka.service.protocol;

import io.pataka.service.model.BucketName;
import io.pataka.service.model.ObjectKey;
import java.util.Objects;
import java.util.Optional;

/**
 * A parsed request: its operation, and the bucket and key that it names.
 *
 * @param requestId the value of {@code x-amz-request-id}
 * @param bucket empty for an operation on the service
 * @param key present exactly for an operation on an object, and for a form once its fields are read
 * @param headers the headers as received; for a presigned request also the {@code x-amz-*} query parameters that count as
 *     headers, and for a form such fields
 * @param body after authentication the verified body
 */
public record S3Request(
        String requestId,
        S3Operation operation,
        Optional<BucketName> bucket,
        Optional<ObjectKey> key,
        Parameters parameters,
        RequestHeaders headers,
        RequestBody body,
        RawRequest raw) {

    public S3Request {
        Objects.requireNonNull(requestId);
        Objects.requireNonNull(operation);
        Objects.requireNonNull(bucket);
        Objects.requireNonNull(key);
        Objects.requireNonNull(parameters);
        Objects.requireNonNull(headers);
        Objects.requireNonNull(body);
        Objects.requireNonNull(raw);
    }

    /** The version that the query names, as sent; empty for the current one. */
    public Optional<String> versionId() {
        return parameters.first("versionId");
    }

    /** Whether the request, if it is signed, has a signature of version 2. */
    public boolean isSignedByVersion2() {
        return parameters.has("AWSAccessKeyId")
                || headers.first("authorization")
                        .filter(text -> text.startsWith("AWS "))
                        .isPresent();
    }

    public S3Request withBody(RequestBody verified) {
        return new S3Request(requestId, operation, bucket, key, parameters, headers, verified, raw);
    }

    public S3Request withHeaders(RequestHeaders more) {
        return new S3Request(requestId, operation, bucket, key, parameters, more, body, raw);
    }
}
