package io.pataka.service.notification;

/** An attribute of a topic cannot be used. The message is for the client and has no value that could be a secret. */
public final class InvalidAttributeException extends Exception {

    private static final long serialVersionUID = 1L;

    InvalidAttributeException(String message) {
        super(message);
    }
}
