package io.pataka.service.content.checksum;

import io.pataka.service.model.ChecksumAlgorithm;
import java.nio.ByteBuffer;

/**
 * The checksum of a whole from the checksums of its parts, without the bytes: S3's {@code FULL_OBJECT} checksum of a multipart
 * upload. Appending n bytes multiplies the register by x^(8n) modulo the polynomial.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html">AWS: full object
 *     checksums of multipart uploads</a>
 */
public final class CrcCombination {

    private final int width;
    private final long polynomial;
    private long crc;
    private long lastLength;
    private long lastPower;

    private CrcCombination(int width, long polynomial) {
        this.width = width;
        this.polynomial = polynomial;
        this.lastPower = power(0);
    }

    /**
     * Begins with no bytes.
     *
     * @throws IllegalArgumentException unless {@link ChecksumAlgorithm#isLinear()}
     */
    public static CrcCombination of(ChecksumAlgorithm algorithm) {
        return switch (algorithm) {
            case CRC32 -> new CrcCombination(32, 0xEDB8_8320L);
            case CRC32C -> new CrcCombination(32, 0x82F6_3B78L);
            case CRC64NVME -> new CrcCombination(64, Crc64Nvme.POLYNOMIAL);
            case SHA1, SHA256, SHA512, MD5, XXHASH64, XXHASH3, XXHASH128 ->
                throw new IllegalArgumentException(algorithm + " of parts do not combine");
        };
    }

    /**
     * Appends a part.
     *
     * @param value the part's checksum, big-endian
     * @param length bytes of the part
     */
    public CrcCombination append(byte[] value, long length) {
        if (value.length * Byte.SIZE != width || length < 0) {
            throw new IllegalArgumentException("no checksum of a part: " + value.length + " bytes");
        }
        long part = 0;
        for (byte b : value) {
            part = part << 8 | b & 0xFF;
        }
        // Most parts of an upload are of one length.
        if (length != lastLength) {
            lastPower = power(length);
            lastLength = length;
        }
        crc = multiply(lastPower, crc) ^ part;
        return this;
    }

    /** The checksum of all parts, big-endian. */
    public byte[] value() {
        return width == 64
                ? ByteBuffer.allocate(8).putLong(crc).array()
                : ByteBuffer.allocate(4).putInt((int) crc).array();
    }

    /** x^(8n): the highest bit stands for x^0. */
    private long power(long n) {
        long result = 1L << width - 1;
        long square = 1L << width - 9;
        for (long rest = n; rest != 0; rest >>>= 1) {
            if ((rest & 1) == 1) {
                result = multiply(result, square);
            }
            square = multiply(square, square);
        }
        return result;
    }

    private long multiply(long a, long b) {
        long product = 0;
        long multiple = b;
        for (long bit = 1L << width - 1; bit != 0; bit >>>= 1) {
            if ((a & bit) != 0) {
                product ^= multiple;
            }
            multiple = (multiple & 1) == 0 ? multiple >>> 1 : multiple >>> 1 ^ polynomial;
        }
        return product;
    }
}
