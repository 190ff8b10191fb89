package io.pataka.service.content;

import io.pataka.service.model.BlobId;
import io.pataka.service.model.BlockCodec;
import io.pataka.service.model.UndecodableBlockException;
import java.nio.ByteBuffer;
import java.util.Random;

/**
 * A codec with the properties of an encryption: a stored block depends on the blob and on its place, is longer than its bytes, and
 * is verified. It protects nothing.
 */
final class XorCodec implements BlockCodec {

    static final int NUMBER = 200;
    private static final int OVERHEAD = 16;

    private final BlobId blob;

    XorCodec(BlobId blob) {
        this.blob = blob;
    }

    @Override
    public int number() {
        return NUMBER;
    }

    @Override
    public int overhead() {
        return OVERHEAD;
    }

    @Override
    public void encode(long block, boolean isLast, ByteBuffer bytes, ByteBuffer payload) {
        xor(block, bytes, payload);
        payload.putLong(tag(block, isLast)).putLong(blob.low());
    }

    @Override
    public void decode(long block, boolean isLast, ByteBuffer payload, ByteBuffer bytes)
            throws UndecodableBlockException {
        int size = payload.remaining() - OVERHEAD;
        ByteBuffer encoded = payload.slice().limit(size);
        ByteBuffer tag = payload.slice().position(size);
        if (tag.getLong() != tag(block, isLast) || tag.getLong() != blob.low()) {
            throw new UndecodableBlockException("block " + block + " of blob " + blob + " was not encoded for it");
        }
        xor(block, encoded, bytes);
    }

    private static long tag(long block, boolean isLast) {
        return block * 2 + (isLast ? 1 : 0);
    }

    private void xor(long block, ByteBuffer from, ByteBuffer to) {
        byte[] mask = new byte[from.remaining()];
        new Random(blob.low() ^ block).nextBytes(mask);
        for (byte each : mask) {
            to.put((byte) (from.get() ^ each));
        }
    }
}
