package io.pataka.service.auth;

import io.pataka.service.model.Caller;
import io.pataka.service.protocol.S3Request;
import java.util.Objects;

/**
 * An authenticated request, with its caller.
 *
 * @param request with a body that verifies itself while it is read; for a presigned request its headers include the {@code
 *     x-amz-*} parameters of the query
 */
public record Authenticated(Caller caller, S3Request request) {

    public Authenticated {
        Objects.requireNonNull(caller);
        Objects.requireNonNull(request);
    }
}
