package io.pataka.service.protocol;

import io.pataka.service.model.BucketName;
import io.pataka.service.model.ObjectKey;
import java.util.Objects;
import java.util.Optional;

/**
 * A request that has been read: the operation it asks for and what it names.
 *
 * @param requestId what {@code x-amz-request-id} says
 * @param bucket empty for an operation on the service
 * @param key present exactly for an operation on an object, and for a form once its fields are read
 * @param headers those of the wire, for a presigned request also the {@code x-amz-*} query parameters that stand for headers, and
 *     for a form the fields that do
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

    /** The version that the query names, whatever it is; empty when the current one is meant. */
    public Optional<String> versionId() {
        return parameters.first("versionId");
    }

    public S3Request withBody(RequestBody verified) {
        return new S3Request(requestId, operation, bucket, key, parameters, headers, verified, raw);
    }

    public S3Request withHeaders(RequestHeaders more) {
        return new S3Request(requestId, operation, bucket, key, parameters, more, body, raw);
    }
}
