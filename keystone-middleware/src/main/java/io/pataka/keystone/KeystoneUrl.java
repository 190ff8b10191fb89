package io.pataka.keystone;

import java.net.URI;

/** Addresses of services of the cloud. */
final class KeystoneUrl {

    private KeystoneUrl() {}

    /**
     * The address of Keystone's version 3 API, ending in {@code /v3} without a slash.
     *
     * @throws IllegalArgumentException if this is no http or https address, or has another version
     */
    static URI versioned(String text) {
        URI url = web(text);
        if (url.getPath().endsWith("/v2.0")) {
            throw new IllegalArgumentException("'" + text + "' is Keystone's version 2, only version 3 is served");
        }
        return url.getPath().endsWith("/v3") ? url : URI.create(url + "/v3");
    }

    /**
     * The address without a slash at the end.
     *
     * @throws IllegalArgumentException if this is no http or https address
     */
    static URI web(String text) {
        URI url;
        try {
            url = URI.create(text.trim().replaceAll("/+$", ""));
        } catch (IllegalArgumentException malformed) {
            throw new IllegalArgumentException("'" + text + "' is not a URL", malformed);
        }
        if (url.getHost() == null || !("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
            throw new IllegalArgumentException("'" + text + "' is not an http or https URL");
        }
        return url;
    }
}
