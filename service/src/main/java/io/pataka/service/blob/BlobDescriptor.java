package io.pataka.service.blob;

import io.pataka.service.model.BlockCodec;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectKey;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The description of a blob in its own file. So a scrub needs no database, and an orphan has the key of its object.
 *
 * @param bucketId the bucket it was written for
 * @param key the key it was written for; copies of the object share the blob and do not change the descriptor
 * @param size bytes of the object
 * @param payload what the blob holds of them
 * @param digests of the object's bytes; empty when the form of the object does not show them
 * @param written when the payload was complete, to the millisecond
 */
public record BlobDescriptor(
        long bucketId, ObjectKey key, long size, Payload payload, Optional<Digests> digests, Instant written) {

    public BlobDescriptor {
        Objects.requireNonNull(key);
        Objects.requireNonNull(payload);
        Objects.requireNonNull(digests);
        Objects.requireNonNull(written);
    }

    /**
     * The bytes that lie in a blob.
     *
     * @param size how many
     * @param codec the {@link BlockCodec#number()} of the codec that made them
     */
    public record Payload(long size, int codec) {

        public Payload {
            if (codec < 0 || codec > 0xFF) {
                throw new IllegalArgumentException("the number of a codec is 0 to 255, not " + codec);
            }
        }

        /** The payload of an object of so many bytes. */
        public static Payload of(BlockCodec codec, long size) {
            return new Payload(codec.payload(size), codec.number());
        }
    }

    /**
     * Digests of the object's bytes, as the client sent them.
     *
     * @param md5 in 32 lower-case hexadecimal digits
     */
    public record Digests(String md5, List<Checksum> checksums) {

        private static final Pattern MD5 = Pattern.compile("[0-9a-f]{32}");

        public Digests {
            Objects.requireNonNull(md5);
            checksums = List.copyOf(checksums);
        }

        /** Whether an object with this entity tag may have these digests. An entity tag that is no MD5 says nothing of them. */
        public boolean mayHave(ETag etag) {
            return !MD5.matcher(etag.value()).matches() || etag.value().equals(md5);
        }
    }
}
