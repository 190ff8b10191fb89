package io.pataka.service.auth;

/** The file of local credentials cannot be used. The message has the place and the reason, and never quotes the file. */
public final class InvalidCredentialsFileException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    // Without a cause, because a parser's message quotes the file.
    InvalidCredentialsFileException(String message) {
        super(message);
    }
}
