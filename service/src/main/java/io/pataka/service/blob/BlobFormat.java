package io.pataka.service.blob;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.pataka.service.model.BlobId;
import io.pataka.service.model.BlockCodec;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.ObjectKey;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The bytes of a blob file: payload, table, descriptor, tail. New blobs have format 2, which has the blob's id. Format 1, which has not,
 * is read as well. Specified in {@code docs/decisions/0001-blob-format.md}.
 * All numbers are big-endian and unsigned.
 */
final class BlobFormat {

    /** Bytes of payload that one entry of the table covers; the last block may be shorter. */
    static final int BLOCK = BlockCodec.BLOCK;

    /** Bytes of one entry of the table: the CRC32C of a block. */
    static final int ENTRY = 4;

    /** Bytes of the tail. The tail of format 1 has no id before the magic number. */
    static final int TAIL = BlobId.LENGTH + 36;

    /** Bytes that the checksum of a block covers before the block: the blob's id and the block's number. */
    static final int SEED = BlobId.LENGTH + Long.BYTES;

    /** The longest descriptor. A longer one is damage, and no memory is allocated for it. */
    static final int MAX_DESCRIPTOR = 8 * 1024;

    private static final long MAGIC = 0x8950_4154_414B_410AL;
    private static final int FIRST = 1;
    private static final int FIRST_TAIL = 36;
    private static final int FORMAT = 2;
    private static final HexFormat HEX = HexFormat.of();

    private BlobFormat() {}

    /** The entries of a table for a payload. */
    static long blocks(long payload) {
        return payload / BLOCK + (payload % BLOCK == 0 ? 0 : 1);
    }

    /** The bytes of a block of a payload. */
    static int blockLength(long payload, long block) {
        return (int) Math.min(BLOCK, payload - block * BLOCK);
    }

    static int crc(byte[] bytes, int offset, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, offset, length);
        return (int) crc.getValue();
    }

    /**
     * Writes what the checksum of a block covers before the block. So a block of another blob, or of another place, does not verify.
     *
     * @param into at least {@link #SEED} bytes
     */
    static void seed(byte[] into, BlobId id, long block) {
        ByteBuffer.wrap(into).putLong(id.high()).putLong(id.low()).putLong(block);
    }

    /**
     * The last bytes of the file. All other positions follow from them.
     *
     * @param format 1 or 2
     * @param codec the number of the payload's codec; 0 for the object's bytes as they are
     * @param payload bytes of payload
     * @param descriptor bytes of the descriptor
     * @param tableCrc CRC32C of the table
     * @param descriptorCrc CRC32C of the descriptor
     */
    record Tail(int format, int codec, long payload, int descriptor, int tableCrc, int descriptorCrc) {

        /**
         * Reads a tail.
         *
         * @param bytes hold the last bytes of the file, {@link #TAIL} of them or all
         * @param end where the file ends in {@code bytes}
         * @param id of the blob that the file should be
         * @throws BlobDamagedException when it is not a tail, is damaged, has another blob's id, or does not fit the file's length
         * @throws BlobFormatUnknownException when it is whole and of a later release
         */
        static Tail read(byte[] bytes, int end, long fileSize, BlobId id) throws BlobStoreException {
            if (fileSize < FIRST_TAIL || end < FIRST_TAIL) {
                throw new BlobDamagedException("the file has only " + fileSize + " bytes");
            }
            int start = end - FIRST_TAIL;
            ByteBuffer buffer = ByteBuffer.wrap(bytes, start, FIRST_TAIL);
            if (buffer.getLong() != MAGIC) {
                throw new BlobDamagedException("the tail is not that of a blob");
            }
            int format = buffer.getShort() & 0xFFFF;
            int features = buffer.get() & 0xFF;
            int codec = buffer.get() & 0xFF;
            int descriptor = buffer.getInt();
            long payload = buffer.getLong();
            int tableCrc = buffer.getInt();
            int descriptorCrc = buffer.getInt();
            int covered = format == FIRST ? start : start - BlobId.LENGTH;
            if (covered < 0 || buffer.getInt() != crc(bytes, covered, end - ENTRY - covered)) {
                throw new BlobDamagedException("the checksum of the tail is wrong");
            }
            if (format > FORMAT || format < FIRST || features != 0) {
                throw new BlobFormatUnknownException("the blob has format " + format + " with features " + features
                        + "; this release reads format " + FORMAT + " without any");
            }
            if (format > FIRST) {
                requireId(ByteBuffer.wrap(bytes, covered, BlobId.LENGTH), id);
            }
            Tail tail = new Tail(format, codec, payload, descriptor, tableCrc, descriptorCrc);
            if (payload < 0 || descriptor < 0 || descriptor > MAX_DESCRIPTOR || tail.fileSize() != fileSize) {
                throw new BlobDamagedException("the tail does not fit a file of " + fileSize + " bytes");
            }
            return tail;
        }

        /**
         * The id in a tail of this format.
         *
         * @param bytes the last bytes of the file, {@link #TAIL} of them or all
         * @return empty when the tail is not whole, or is of another format
         */
        static Optional<BlobId> identity(byte[] bytes) {
            if (format(bytes) != FORMAT) {
                return Optional.empty();
            }
            ByteBuffer id = ByteBuffer.wrap(bytes, bytes.length - TAIL, BlobId.LENGTH);
            return Optional.of(new BlobId(id.getLong(), id.getLong()));
        }

        /** Whether the tail is whole, and of a format without the blob's id. */
        static boolean hasNoIdentity(byte[] bytes) {
            int format = format(bytes);
            return format > 0 && format != FORMAT;
        }

        /** The format of a whole tail; 0 of any other. */
        private static int format(byte[] bytes) {
            int end = bytes.length;
            int start = end - FIRST_TAIL;
            if (start < 0) {
                return 0;
            }
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            int format = buffer.getShort(start + Long.BYTES) & 0xFFFF;
            int covered = format == FIRST ? start : start - BlobId.LENGTH;
            boolean whole = covered >= 0
                    && buffer.getLong(start) == MAGIC
                    && buffer.getInt(end - ENTRY) == crc(bytes, covered, end - ENTRY - covered);
            return whole ? format : 0;
        }

        private static void requireId(ByteBuffer written, BlobId id) throws BlobDamagedException {
            BlobId found = new BlobId(written.getLong(), written.getLong());
            if (!found.equals(id)) {
                throw new BlobDamagedException("the file is that of blob " + found);
            }
        }

        /** A tail of the newest format for a new blob. */
        static byte[] write(
                BlobId id, BlobDescriptor.Payload payload, int descriptor, int tableCrc, int descriptorCrc) {
            ByteBuffer buffer = ByteBuffer.allocate(TAIL)
                    .putLong(id.high())
                    .putLong(id.low())
                    .putLong(MAGIC)
                    .putShort((short) FORMAT)
                    .put((byte) 0)
                    .put((byte) payload.codec())
                    .putInt(descriptor)
                    .putLong(payload.size())
                    .putInt(tableCrc)
                    .putInt(descriptorCrc);
            return buffer.putInt(crc(buffer.array(), 0, TAIL - ENTRY)).array();
        }

        long tableOffset() {
            return payload;
        }

        long descriptorOffset() {
            return payload + blocks(payload) * ENTRY;
        }

        long fileSize() {
            return descriptorOffset() + descriptor + (format == FIRST ? FIRST_TAIL : TAIL);
        }

        /** The checksum of a block, as the table must have it. */
        int blockCrc(BlobId id, long block, byte[] bytes, int offset) {
            CRC32C crc = new CRC32C();
            if (format > FIRST) {
                byte[] seed = new byte[SEED];
                seed(seed, id, block);
                crc.update(seed);
            }
            crc.update(bytes, offset, blockLength(payload, block));
            return (int) crc.getValue();
        }
    }

    /** The descriptor's fields: a tag, a length, a value. A reader skips tags that it does not know. */
    private static final class Field {
        static final int BUCKET = 1;
        static final int KEY = 2;
        static final int SIZE = 3;
        static final int MD5 = 4;
        static final int WRITTEN = 5;
        static final int CHECKSUM = 6;
        static final int PAYLOAD = 7;
    }

    static byte[] encode(BlobDescriptor descriptor) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            number(out, Field.BUCKET, descriptor.bucketId());
            field(out, Field.KEY, descriptor.key().bytes());
            number(out, Field.SIZE, descriptor.size());
            if (descriptor.payload().size() != descriptor.size()) {
                number(out, Field.PAYLOAD, descriptor.payload().size());
            }
            number(out, Field.WRITTEN, descriptor.written().toEpochMilli());
            if (descriptor.digests().isPresent()) {
                digests(out, descriptor.digests().get());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void digests(DataOutputStream out, BlobDescriptor.Digests digests) throws IOException {
        field(out, Field.MD5, HEX.parseHex(digests.md5()));
        for (Checksum checksum : digests.checksums()) {
            String text = checksum.algorithm() + " " + checksum.type() + " " + checksum.value();
            field(out, Field.CHECKSUM, text.getBytes(US_ASCII));
        }
    }

    private static void number(DataOutputStream out, int tag, long value) throws IOException {
        out.writeByte(tag);
        out.writeShort(Long.BYTES);
        out.writeLong(value);
    }

    private static void field(DataOutputStream out, int tag, byte[] value) throws IOException {
        out.writeByte(tag);
        out.writeShort(value.length);
        out.write(value);
    }

    /**
     * Reads a descriptor whose checksum was verified.
     *
     * @param codec of the payload, which the tail has
     * @throws BlobDamagedException when a field is missing or malformed
     */
    static BlobDescriptor decode(byte[] bytes, int codec) throws BlobDamagedException {
        long bucketId = 0;
        ObjectKey key = null;
        long size = 0;
        long payload = -1;
        String md5 = null;
        Instant written = null;
        List<Checksum> checksums = new ArrayList<>();
        try {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            while (in.hasRemaining()) {
                int tag = in.get() & 0xFF;
                byte[] value = new byte[in.getShort() & 0xFFFF];
                in.get(value);
                switch (tag) {
                    case Field.BUCKET -> bucketId = ByteBuffer.wrap(value).getLong();
                    case Field.KEY -> key = ObjectKey.of(value);
                    case Field.SIZE -> size = ByteBuffer.wrap(value).getLong();
                    case Field.PAYLOAD -> payload = ByteBuffer.wrap(value).getLong();
                    case Field.MD5 -> md5 = HEX.formatHex(value);
                    case Field.WRITTEN ->
                        written = Instant.ofEpochMilli(ByteBuffer.wrap(value).getLong());
                    case Field.CHECKSUM -> checksums.add(checksum(new String(value, US_ASCII)));
                    default -> {}
                }
            }
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new BlobDamagedException("the descriptor cannot be read", e);
        }
        if (key == null || written == null) {
            throw new BlobDamagedException("the descriptor lacks a field");
        }
        return new BlobDescriptor(
                bucketId,
                key,
                size,
                new BlobDescriptor.Payload(payload < 0 ? size : payload, codec),
                Optional.ofNullable(md5).map(it -> new BlobDescriptor.Digests(it, checksums)),
                written);
    }

    private static Checksum checksum(String text) {
        String[] words = text.split(" ", 3);
        if (words.length != 3) {
            throw new IllegalArgumentException("a checksum has an algorithm, a type and a value");
        }
        return new Checksum(ChecksumAlgorithm.valueOf(words[0]), Checksum.Type.valueOf(words[1]), words[2]);
    }
}
