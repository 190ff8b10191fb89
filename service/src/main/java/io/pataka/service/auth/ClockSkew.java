package io.pataka.service.auth;

import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.signature.AmzTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;

/**
 * Compares the times in signed requests with the server's clock. Keystone does not check times.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html">AWS: time stamp requirement</a>
 */
final class ClockSkew {

    private static final String EXPIRED = "Request has expired";

    /** How far a client's clock may be ahead or behind. */
    public static final Duration ALLOWED = Duration.ofMinutes(15);

    private final Clock clock;

    public ClockSkew(Clock clock) {
        this.clock = Objects.requireNonNull(clock);
    }

    /**
     * Checks the time at which a request was signed.
     *
     * @param asSent shown to the client
     * @throws S3Exception RequestTimeTooSkewed
     */
    void checkSigned(Instant signed, String asSent) {
        Instant now = clock.instant();
        if (Duration.between(signed, now).abs().compareTo(ALLOWED) > 0) {
            throw new S3Exception(S3Error.REQUEST_TIME_TOO_SKEWED)
                    .with("RequestTime", asSent)
                    .with("ServerTime", seconds(now))
                    .with("MaxAllowedSkewMilliseconds", Long.toString(ALLOWED.toMillis()));
        }
    }

    /**
     * Checks that a presigned request was not signed in the future, beyond the allowed skew.
     *
     * @throws S3Exception AccessDenied
     */
    void checkBegun(Instant signed) {
        Instant now = clock.instant();
        if (signed.isAfter(now.plus(ALLOWED))) {
            throw new S3Exception(S3Error.ACCESS_DENIED, "Request is not valid yet")
                    .with("RequestTime", AmzTime.toBasic(signed))
                    .with("ServerTime", seconds(now));
        }
    }

    /**
     * Checks that a presigned request has not expired, without an allowance for skew.
     *
     * @throws S3Exception AccessDenied
     */
    void checkNotExpired(Instant expiry) {
        Instant now = clock.instant();
        if (!now.isBefore(expiry)) {
            throw expired(new S3Exception(S3Error.ACCESS_DENIED, EXPIRED), expiry, now);
        }
    }

    /**
     * As {@link #checkNotExpired(Instant)}, for a lifetime in seconds, which the error includes.
     *
     * @throws S3Exception AccessDenied
     */
    void checkNotExpired(Instant begun, long lifeSeconds) {
        Instant expiry = begun.plusSeconds(lifeSeconds);
        Instant now = clock.instant();
        if (!now.isBefore(expiry)) {
            S3Exception refusal =
                    new S3Exception(S3Error.ACCESS_DENIED, EXPIRED).with("X-Amz-Expires", Long.toString(lifeSeconds));
            throw expired(refusal, expiry, now);
        }
    }

    private static S3Exception expired(S3Exception refusal, Instant expiry, Instant now) {
        return refusal.with("Expires", seconds(expiry)).with("ServerTime", seconds(now));
    }

    private static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
