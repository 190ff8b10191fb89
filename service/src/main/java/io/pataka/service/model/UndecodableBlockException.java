package io.pataka.service.model;

import java.io.IOException;

/** A block that passed its checksum is not what the codec made: the key is another one, or somebody changed the blob. */
public final class UndecodableBlockException extends IOException {

    private static final long serialVersionUID = 1L;

    public UndecodableBlockException(String message) {
        super(message);
    }
}
