package io.pataka.service.content.checksum;

import com.dynatrace.hash4j.hashing.HashStream128;
import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.HashValue128;
import com.dynatrace.hash4j.hashing.Hashing;
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
            case MD5 -> md5();
            case XXHASH64 -> new Hash64(Hashing.xxh64().hashStream());
            case XXHASH3 -> new Hash64(Hashing.xxh3_64().hashStream());
            case XXHASH128 -> new Hash128(Hashing.xxh3_128().hashStream());
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

    /**
     * A hash of eight bytes, in the order that xxHash calls canonical.
     *
     * @see <a href="https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md">xxHash: specification</a>
     */
    record Hash64(HashStream64 stream) implements RunningChecksum {

        @Override
        public void update(byte[] bytes, int offset, int count) {
            stream.putBytes(bytes, offset, count);
        }

        @Override
        public byte[] value() {
            return ByteBuffer.allocate(Long.BYTES).putLong(stream.getAsLong()).array();
        }
    }

    /** A hash of sixteen bytes, in the order that xxHash calls canonical. */
    record Hash128(HashStream128 stream) implements RunningChecksum {

        @Override
        public void update(byte[] bytes, int offset, int count) {
            stream.putBytes(bytes, offset, count);
        }

        @Override
        public byte[] value() {
            HashValue128 value = stream.get();
            return ByteBuffer.allocate(2 * Long.BYTES)
                    .putLong(value.getMostSignificantBits())
                    .putLong(value.getLeastSignificantBits())
                    .array();
        }
    }
}
