package io.pataka.keystone;

import io.pataka.keystone.Resolution.Outage;
import java.time.Duration;

/**
 * Listens to what the middleware does, for a metrics library of the host's choice. Called on request threads and on the
 * middleware's own: implementations are thread-safe, quick, and throw nothing.
 */
public interface KeystoneMetrics {

    /** Listens to nothing. */
    KeystoneMetrics NONE = new KeystoneMetrics() {};

    /** One HTTP exchange with Keystone has ended; a retry and a failover count as exchanges of their own. */
    default void called(Call call, Outcome outcome, Duration latency) {}

    /** Answered from the cache. The age is that of Keystone's word: at most the lifetime, or with grace the sum of both. */
    default void hit(Duration age) {}

    /** Keystone had to be asked while the client waited. */
    default void missed() {}

    /** A client was answered "unavailable". */
    default void unavailable(Outage outage) {}

    /** What was asked. */
    enum Call {
        /** A password login of the service user. */
        LOGIN,
        /** Whether the service token still stands. */
        TOKEN_CHECK,
        /** {@code POST /v3/s3tokens}. */
        S3TOKENS,
        /** The secret of an access key. */
        CREDENTIAL,
        /** A user or a project by id. */
        LOOK_UP
    }

    /** What came back. */
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
