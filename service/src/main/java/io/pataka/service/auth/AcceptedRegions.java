package io.pataka.service.auth;

import io.pataka.service.signature.V4Signature.Place;
import java.util.Objects;

/**
 * Which regions a credential scope may name. AWS accepts only its own region. Ceph accepts any, and clients of private clouds
 * name many. The region is always part of the string-to-sign.
 *
 * @param own the region of this service
 * @param strict whether a scope may name {@code own} and {@code us-east-1} only
 */
record AcceptedRegions(String own, boolean strict) {

    private static final String DEFAULT = "us-east-1";

    AcceptedRegions {
        Objects.requireNonNull(own);
    }

    void check(Place place, String region) {
        if (strict && !region.equals(own) && !region.equals(DEFAULT)) {
            throw place.malformed("the region '" + region + "' is wrong; expecting '" + own + "'")
                    .with("Region", own);
        }
    }
}
