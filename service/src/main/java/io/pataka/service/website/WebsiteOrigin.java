package io.pataka.service.website;

import java.util.Objects;

/**
 * Where a client found a website.
 *
 * @param scheme of the client's side of the connection
 * @param authority host, and port if the client named one; only characters of host names
 */
public record WebsiteOrigin(Scheme scheme, String authority) {

    public WebsiteOrigin {
        Objects.requireNonNull(scheme);
        Objects.requireNonNull(authority);
    }
}
