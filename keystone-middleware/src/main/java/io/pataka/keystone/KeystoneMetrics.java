package io.pataka.keystone;

import io.pataka.keystone.Resolution.Outage;
import java.time.Duration;

/**
 * Receives events of the middleware, for any metrics library. Called on request threads and on threads of the middleware:
 * implementations are thread-safe, fast, and do not throw.
 */
public interface KeystoneMetrics {

    /** Ignores all events. */
    KeystoneMetrics NONE = new KeystoneMetrics() {};

    /** One HTTP exchange with Keystone or Barbican has ended; a retry and a failover count separately. */
    default void called(Call call, Outcome outcome, Duration latency) {}

    /**
     * Answered from the cache. The age is that of the cached authorisation: at most the lifetime, or with grace the sum of
     * both.
     */
    default void hit(Duration age) {}

    /** Keystone was asked while the client waited. */
    default void missed() {}

    /** A resolution was unavailable. */
    default void unavailable(Outage outage) {}

    /** The kinds of calls. */
    enum Call {
        /** A password login of the service user. */
        LOGIN,
        /** Whether the service token is still valid. */
        TOKEN_CHECK,
        /** {@code POST /v3/s3tokens}. */
        S3TOKENS,
        /** The secret of an access key. */
        CREDENTIAL,
        /** A user or a project by id. */
        LOOK_UP,
        /** The payload of a secret in Barbican. */
        SECRET_PAYLOAD,
        /** What Barbican stores beside the payload: the user metadata and the description of a secret. */
        SECRET_METADATA
    }

    /** The outcomes of calls. */
    enum Outcome {
        /** 2xx. */
        OK,
        /** 401. */
        UNAUTHORISED,
        /** 403. */
        FORBIDDEN,
        /** 404. */
        NOT_FOUND,
        /** 429. */
        OVERLOADED,
        /** No answer in time. */
        TIMED_OUT,
        /** Not reached, closed without an answer, 5xx, or any other status. */
        FAILED
    }
}
