package io.pataka.service.content;

import java.io.IOException;

/** A store failed, is full, or returned other bytes than were written. */
public final class StorageFailedException extends IOException {

    private static final long serialVersionUID = 1L;

    public StorageFailedException(String message, Throwable cause) {
        super(message, cause);
    }

    public StorageFailedException(String message) {
        super(message);
    }
}
