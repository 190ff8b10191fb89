package io.pataka.service.content;

import java.io.IOException;
import java.util.Objects;

/** The bytes that were received are not those that were announced. Nothing of them is stored. */
public final class ContentRefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final Reason reason;
    private final byte[] computed;

    public ContentRefusedException(Reason reason, String message) {
        this(reason, message, new byte[0]);
    }

    private ContentRefusedException(Reason reason, String message, byte[] computed) {
        super(message);
        this.reason = Objects.requireNonNull(reason);
        this.computed = computed;
    }

    /**
     * The bytes have another MD5 than was announced.
     *
     * @param computed the 16 bytes of the MD5 that they have
     */
    public static ContentRefusedException otherMd5(byte[] computed) {
        return new ContentRefusedException(
                Reason.MD5, "The Content-MD5 you specified did not match what we received.", computed.clone());
    }

    /** The MD5 of the bytes if the reason is {@link Reason#MD5}; otherwise empty. */
    public byte[] computed() {
        return computed.clone();
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
