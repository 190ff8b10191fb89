package io.pataka.service.content;

import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Placement;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What a body is compared with while it is received, and where its bytes are stored.
 *
 * @param bucketId written into the blob's descriptor
 * @param key written into the blob's descriptor
 * @param placement where and how the bytes are stored
 * @param length the length that the client declared
 * @param maxLength more bytes than this fail with {@link ContentRefusedException.Reason#TOO_LONG}
 * @param contentMd5 the 16 bytes of {@code Content-MD5}
 * @param compute algorithms to compute, whether or not the client sent a value
 * @param announced the checksums that the client sent. They are read after the body, because trailers come last. Each is compared only
 *     if its algorithm is in {@code compute}, and refused otherwise
 */
public record IntakePlan(
        long bucketId,
        ObjectKey key,
        Placement placement,
        OptionalLong length,
        long maxLength,
        Optional<byte[]> contentMd5,
        Set<ChecksumAlgorithm> compute,
        Supplier<List<Checksum>> announced) {

    public IntakePlan {
        Objects.requireNonNull(key);
        Objects.requireNonNull(placement);
        Objects.requireNonNull(length);
        Objects.requireNonNull(contentMd5);
        compute = Set.copyOf(compute);
        Objects.requireNonNull(announced);
    }
}
