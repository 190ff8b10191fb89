package io.pataka.service.encryption;

/** A key cannot be read now, because the key manager does not answer. A later attempt may succeed. */
public final class KeysUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public KeysUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
