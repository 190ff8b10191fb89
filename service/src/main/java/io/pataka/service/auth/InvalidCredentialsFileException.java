package io.pataka.service.auth;

/** The file of local credentials cannot be used. Its message says where and why, and never quotes the file. */
public final class InvalidCredentialsFileException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    // No cause is kept: a parser's message quotes the file.
    InvalidCredentialsFileException(String message) {
        super(message);
    }
}
