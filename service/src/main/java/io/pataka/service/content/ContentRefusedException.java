package io.pataka.service.content;

import java.io.IOException;
import java.util.Objects;

/** The bytes that came are not the bytes that were announced; nothing of them is kept. */
public final class ContentRefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;

    public ContentRefusedException(Reason reason, String message) {
        super(message);
        this.reason = Objects.requireNonNull(reason);
    }

    public Reason reason() {
        return reason;
    }

    /** What did not agree. */
    public enum Reason {
        /** Content-MD5. */
        MD5,
        /** One of the additional checksums. */
        CHECKSUM,
        /** Fewer bytes than declared. */
        TOO_SHORT,
        /** More bytes than declared or allowed. */
        TOO_LONG
    }
}
