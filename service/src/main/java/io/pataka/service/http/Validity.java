package io.pataka.service.http;

import java.time.Instant;
import java.util.Objects;

/**
 * When a certificate is valid, both ends included.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.5">RFC 5280 section 4.1.2.5</a>
 */
public record Validity(Instant from, Instant until) {

    public Validity {
        Objects.requireNonNull(from);
        Objects.requireNonNull(until);
    }

    /** Whether the certificate is not valid yet. */
    public boolean isAhead(Instant now) {
        return now.isBefore(from);
    }

    /** Whether the certificate is no longer valid. */
    public boolean isOver(Instant now) {
        return now.isAfter(until);
    }
}
