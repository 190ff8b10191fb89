package io.pataka.service.secrets;

/** A file of secrets cannot be used. The message has the file, the line and the reason, and never quotes the file. */
public final class InvalidSecretFileException extends IllegalArgumentException {

    private static final long serialVersionUID = 1L;

    // Without a cause, because a parser's message quotes the file.
    public InvalidSecretFileException(String message) {
        super(message);
    }

    /** The same fault, with the setting that names the file. */
    public InvalidSecretFileException of(String setting) {
        return new InvalidSecretFileException(setting + ": " + getMessage());
    }
}
