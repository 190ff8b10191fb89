package io.pataka.service.protocol.form;

import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;

/**
 * How large a file may be, both ends included.
 *
 * @param least in bytes
 * @param most in bytes
 */
public record SizeRange(long least, long most) {

    /** Any size. */
    public static final SizeRange ANY = new SizeRange(0, Long.MAX_VALUE);

    /** The sizes that both allow. */
    SizeRange and(SizeRange other) {
        return new SizeRange(Math.max(least, other.least), Math.min(most, other.most));
    }

    /**
     * @param size of a file that may not have ended yet
     * @throws S3Exception EntityTooLarge
     */
    void requireNotOver(long size) {
        if (size > most) {
            throw new S3Exception(S3Error.ENTITY_TOO_LARGE)
                    .with("ProposedSize", Long.toString(size))
                    .with("MaxSizeAllowed", Long.toString(most));
        }
    }

    /**
     * @param size of a file that has ended
     * @throws S3Exception EntityTooSmall
     */
    void requireNotUnder(long size) {
        if (size < least) {
            throw new S3Exception(S3Error.ENTITY_TOO_SMALL)
                    .with("ProposedSize", Long.toString(size))
                    .with("MinSizeAllowed", Long.toString(least));
        }
    }
}
