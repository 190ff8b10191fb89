package io.pataka.service.website;

import java.util.Locale;
import java.util.Optional;

/** The protocol of a redirect. */
public enum Scheme {
    HTTP,
    HTTPS;

    /** {@code http} or {@code https}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The scheme of this text, in lower case; empty for any other text. */
    static Optional<Scheme> named(String text) {
        return switch (text) {
            case "http" -> Optional.of(HTTP);
            case "https" -> Optional.of(HTTPS);
            default -> Optional.empty();
        };
    }
}
