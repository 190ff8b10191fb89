package io.pataka.service.model;

import java.io.IOException;

/** A block that passed its checksum cannot be decoded: the key is not the one that it was encoded with, or the blob was changed. */
public final class UndecodableBlockException extends IOException {

    private static final long serialVersionUID = 1L;

    public UndecodableBlockException(String message) {
        super(message);
    }
}
