package io.pataka.service.operation;

import io.pataka.service.model.ChecksumAlgorithm;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import org.apache.commons.codec.digest.DigestUtils;

/** The checksum of a document that is in memory whole. */
final class DocumentChecksum {

    /** The reflected polynomial of CRC-64/NVME. */
    private static final long CRC64_NVME = 0x9A6C9329AC4BC9B5L;

    private DocumentChecksum() {}

    static byte[] of(ChecksumAlgorithm algorithm, byte[] document) {
        return switch (algorithm) {
            case CRC32 -> checksum(new CRC32(), document);
            case CRC32C -> checksum(new CRC32C(), document);
            case CRC64NVME ->
                ByteBuffer.allocate(Long.BYTES).putLong(crc64(document)).array();
            case SHA1 -> DigestUtils.sha1(document);
            case SHA256 -> DigestUtils.sha256(document);
            case SHA512 -> DigestUtils.sha512(document);
        };
    }

    private static byte[] checksum(java.util.zip.Checksum checksum, byte[] document) {
        checksum.update(document, 0, document.length);
        return ByteBuffer.allocate(Integer.BYTES)
                .putInt((int) checksum.getValue())
                .array();
    }

    private static long crc64(byte[] document) {
        long crc = ~0L;
        for (byte b : document) {
            crc ^= b & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc >>> 1) ^ (CRC64_NVME & -(crc & 1));
            }
        }
        return ~crc;
    }
}
