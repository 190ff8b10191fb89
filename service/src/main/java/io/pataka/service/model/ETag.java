package io.pataka.service.model;

import java.util.Objects;

/**
 * An entity tag without its quotes: the hexadecimal MD5 of the content, or {@code <md5 of md5s>-<parts>} for a multipart
 * object.
 */
public record ETag(String value) {

    public ETag {
        Objects.requireNonNull(value);
    }

    /** With the double quotes that HTTP wants around it. */
    public String quoted() {
        return '"' + value + '"';
    }

    @Override
    public String toString() {
        return value;
    }
}
