package io.pataka.service.http;

import io.pataka.service.access.cors.BucketCors;
import io.pataka.service.access.cors.CorsGrant;
import io.pataka.service.access.cors.CorsRequest;
import io.pataka.service.protocol.RawRequest;
import io.pataka.service.protocol.S3Response;
import java.util.Objects;
import java.util.Optional;

/**
 * Adds the CORS headers that let a page read a reply, an error included. A request that no rule matches is served like any
 * other, but the browser does not show the reply to the page.
 */
public final class CorsHeaders {

    private static final int UNAVAILABLE = 503;

    private final BucketCors cors;

    public CorsHeaders(BucketCors cors) {
        this.cors = Objects.requireNonNull(cors);
    }

    /** Adds the headers of the bucket's rules, or else those of the server's settings. Never throws. */
    S3Response on(S3Response answer, Exchange exchange) {
        return exchange.raw()
                .flatMap(CorsHeaders::asked)
                .flatMap(request -> answer.status() == UNAVAILABLE
                        ? cors.judgeFromMemory(exchange.bucket(), request)
                        : cors.judge(exchange.bucket(), request))
                .map(CorsGrant::toHeaders)
                .map(answer::headers)
                .orElse(answer);
    }

    private static Optional<CorsRequest> asked(RawRequest raw) {
        return CorsRequest.of(raw.method(), raw.headers());
    }
}
