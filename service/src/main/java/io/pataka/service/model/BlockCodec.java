package io.pataka.service.model;

import java.nio.ByteBuffer;

/**
 * Translates between the bytes of an object and the payload of one blob, block by block. A block of payload has {@value #BLOCK} bytes, the
 * last one may be shorter. It is also the block of the store's checksums, so a store can verify a blob without the codec. An object
 * without bytes has no payload.
 */
public interface BlockCodec {

    /** Bytes of a full block of payload. */
    int BLOCK = 64 * 1024;

    /** The payload is the bytes of the object. Nothing is translated, and nothing is copied. */
    BlockCodec PLAIN = new PlainCodec();

    /**
     * The number of the codec, 0 to 255. It is written into each blob. A blob is opened only with the number that it was written with; so
     * a node that does not know a codec refuses the blob.
     */
    int number();

    /** By how many bytes a block of payload is longer than the bytes of the object in it. */
    int overhead();

    /**
     * Encodes a block. Each block is encoded once, in order.
     *
     * @param block its number, from 0
     * @param isLast whether it is the last one of the blob
     * @param bytes of the object: {@link #plainBlock()} of them, the last block may have fewer
     * @param payload takes as many bytes and the overhead
     */
    void encode(long block, boolean isLast, ByteBuffer bytes, ByteBuffer payload);

    /**
     * Decodes a block.
     *
     * @param block its number, from 0
     * @param isLast whether it is the last one of the blob
     * @param payload the whole block
     * @param bytes takes as many bytes without the overhead
     * @throws UndecodableBlockException when the payload is not what this codec made of a block with this number
     */
    void decode(long block, boolean isLast, ByteBuffer payload, ByteBuffer bytes) throws UndecodableBlockException;

    /** Bytes of the object in a full block of payload. */
    default int plainBlock() {
        return BLOCK - overhead();
    }

    /** Bytes of payload for so many bytes of an object. */
    default long payload(long size) {
        return size + overhead() * ((size + plainBlock() - 1) / plainBlock());
    }
}
