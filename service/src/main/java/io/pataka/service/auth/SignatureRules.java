package io.pataka.service.auth;

import java.util.Objects;

/**
 * Which signatures are accepted.
 *
 * @param region the region of this service
 * @param strictRegion whether a credential scope may name {@code region} and {@code us-east-1} only, as with AWS; otherwise any
 * @param version2 whether Signature Version 2 is accepted
 */
public record SignatureRules(String region, boolean strictRegion, boolean version2) {

    public SignatureRules {
        Objects.requireNonNull(region);
        if (region.isEmpty()) {
            throw new IllegalArgumentException("the region has no name");
        }
    }

    /** For {@code us-east-1}, with any region in the scope and both versions. */
    public static SignatureRules standard() {
        return new SignatureRules("us-east-1", false, true);
    }
}
