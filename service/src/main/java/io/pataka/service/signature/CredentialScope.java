package io.pataka.service.signature;

import java.util.Objects;

/**
 * What a version 4 signing key is valid for: {@code <date>/<region>/<service>/aws4_request}.
 *
 * @param date {@code yyyyMMdd}
 */
public record CredentialScope(String date, String region, String service) {

    /** The last word of every scope. */
    public static final String TERMINAL = "aws4_request";

    public CredentialScope {
        Objects.requireNonNull(date);
        Objects.requireNonNull(region);
        Objects.requireNonNull(service);
    }

    @Override
    public String toString() {
        return date + "/" + region + "/" + service + "/" + TERMINAL;
    }
}
