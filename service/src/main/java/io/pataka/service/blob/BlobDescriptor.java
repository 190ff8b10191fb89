package io.pataka.service.blob;

import io.pataka.service.model.Checksum;
import io.pataka.service.model.ObjectKey;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What a blob says about itself, so that a scrub needs no database and an orphan can be asked whose it was.
 *
 * @param bucketId the bucket it was written for
 * @param key the key it was written for; copies of the object share the blob and leave it as it is
 * @param size bytes of payload
 * @param md5 lower-case hexadecimal MD5 of the payload
 * @param checksums of the payload
 * @param written when the payload was complete, to the millisecond
 */
public record BlobDescriptor(
        long bucketId, ObjectKey key, long size, String md5, List<Checksum> checksums, Instant written) {

    public BlobDescriptor {
        Objects.requireNonNull(key);
        Objects.requireNonNull(md5);
        checksums = List.copyOf(checksums);
        Objects.requireNonNull(written);
    }
}
