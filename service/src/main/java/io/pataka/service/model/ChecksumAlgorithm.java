package io.pataka.service.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The checksums that a client may send and ask for.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html">AWS: checking object
 *     integrity</a>
 */
public enum ChecksumAlgorithm {
    CRC32(4, true),
    CRC32C(4, true),
    CRC64NVME(8, true),
    SHA1(20, false),
    SHA256(32, false),
    SHA512(64, false),
    MD5(16, false),
    XXHASH64(8, false),
    XXHASH3(8, false),
    XXHASH128(16, false);

    /** What is computed of content whose sender names no checksum; its checksum always is one of the whole object. */
    public static final ChecksumAlgorithm DEFAULT = CRC64NVME;

    private final int length;
    private final boolean linear;

    ChecksumAlgorithm(int length, boolean linear) {
        this.length = length;
        this.linear = linear;
    }

    /** Reads the value of {@code x-amz-checksum-algorithm}, in any case. */
    public static Optional<ChecksumAlgorithm> named(String name) {
        return Arrays.stream(values())
                .filter(it -> it.name().equalsIgnoreCase(name))
                .findFirst();
    }

    /** The header that carries the Base64 value: {@code x-amz-checksum-crc32c}, ... */
    public String header() {
        return "x-amz-checksum-" + name().toLowerCase(Locale.ROOT);
    }

    /** The XML element that carries the Base64 value: {@code ChecksumCRC32C}, ... */
    public String element() {
        return "Checksum" + name();
    }

    /** Bytes of a value before Base64. */
    public int length() {
        return length;
    }

    /** Whether the checksums of parts combine to the checksum of the whole without rereading. */
    public boolean isLinear() {
        return linear;
    }
}
