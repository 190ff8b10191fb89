package io.pataka.service.content.checksum;

import io.pataka.service.model.ChecksumAlgorithm;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/** A checksum or digest of the bytes so far. Not for use by two threads at once. */
public sealed interface RunningChecksum {

    /** Takes more bytes in. */
    void update(byte[] bytes, int offset, int length);

    /** The value, big-endian, as S3 puts it into Base64. Ends the running. */
    byte[] value();

    /** The checksum that a client asks for by this name. */
    static RunningChecksum of(ChecksumAlgorithm algorithm) {
        return switch (algorithm) {
            case CRC32 -> new Cyclic(new CRC32(), algorithm.length());
            case CRC32C -> new Cyclic(new CRC32C(), algorithm.length());
            case CRC64NVME -> new Cyclic(new Crc64Nvme(), algorithm.length());
            case SHA1 -> digest("SHA-1");
            case SHA256 -> digest("SHA-256");
            case SHA512 -> digest("SHA-512");
        };
    }

    /** MD5, for ETag and Content-MD5. */
    static RunningChecksum md5() {
        return digest("MD5");
    }

    private static RunningChecksum digest(String name) {
        try {
            return new Digest(MessageDigest.getInstance(name));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform that this release runs on has " + name, e);
        }
    }

    /** A cyclic redundancy check of four or eight bytes. */
    record Cyclic(Checksum checksum, int length) implements RunningChecksum {

        @Override
        public void update(byte[] bytes, int offset, int count) {
            checksum.update(bytes, offset, count);
        }

        @Override
        public byte[] value() {
            ByteBuffer value = ByteBuffer.allocate(length);
            return length == Long.BYTES
                    ? value.putLong(checksum.getValue()).array()
                    : value.putInt((int) checksum.getValue()).array();
        }
    }

    /** A message digest. */
    record Digest(MessageDigest digest) implements RunningChecksum {

        @Override
        public void update(byte[] bytes, int offset, int count) {
            digest.update(bytes, offset, count);
        }

        @Override
        public byte[] value() {
            return digest.digest();
        }
    }
}
