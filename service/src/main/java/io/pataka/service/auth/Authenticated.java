package io.pataka.service.auth;

import io.pataka.service.model.Caller;
import io.pataka.service.protocol.S3Request;
import java.util.Objects;

/**
 * A request whose sender is known.
 *
 * @param request with a body that verifies itself while it is read; for a presigned request the {@code x-amz-*} parameters that
 *     stand for headers are among its headers
 */
public record Authenticated(Caller caller, S3Request request) {

    public Authenticated {
        Objects.requireNonNull(caller);
        Objects.requireNonNull(request);
    }
}
