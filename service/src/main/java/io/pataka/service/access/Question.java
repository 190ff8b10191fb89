package io.pataka.service.access;

import io.pataka.service.model.Bucket;
import io.pataka.service.model.Caller;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.protocol.AccessNeed;
import io.pataka.service.protocol.S3Request;
import java.util.Objects;
import java.util.Optional;

/**
 * What is asked: may this caller do this to that.
 *
 * @param key of the object, if it is about one
 * @param versionId as the client named it; empty for the current version
 */
record Question(
        S3Request request,
        Caller caller,
        AccessNeed need,
        Bucket bucket,
        Optional<ObjectKey> key,
        Optional<String> versionId) {

    Question {
        Objects.requireNonNull(request);
        Objects.requireNonNull(caller);
        Objects.requireNonNull(need);
        Objects.requireNonNull(bucket);
        Objects.requireNonNull(key);
        Objects.requireNonNull(versionId);
    }
}
