package io.pataka.service.model;

import java.util.Objects;

/**
 * Who owns a bucket or an object: a Keystone project.
 *
 * @param id the canonical id: the project's id
 * @param displayName the project's name when the thing was made
 */
public record Owner(String id, String displayName) {

    public Owner {
        Objects.requireNonNull(id);
        Objects.requireNonNull(displayName);
    }
}
