package io.pataka.service.content;

import io.pataka.service.blob.BlobDescriptor;
import io.pataka.service.blob.BlobSink;
import io.pataka.service.blob.BlobStoreException;
import io.pataka.service.blob.BufferPool;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.BlockCodec;
import java.nio.ByteBuffer;

/** Encodes an object's bytes on their way into a blob. A full block waits until it is known whether another one follows. */
final class EncodingSink implements BlobSink {

    private final BlobSink blob;
    private final BlockCodec codec;
    private final BufferPool<byte[]> buffers;

    /** The payload of a block and, behind it, the bytes of the block. In the other order AES-GCM would encrypt into a further buffer. */
    private byte[] buffer;

    private int filled;
    private long block;

    private EncodingSink(BlobSink blob, BlockCodec codec, BufferPool<byte[]> buffers) {
        this.blob = blob;
        this.codec = codec;
        this.buffers = buffers;
        this.buffer = buffers.take(BufferPool.LARGE);
    }

    /** What is written to the result goes into the blob: encoded, or as it is if the codec is {@link BlockCodec#PLAIN}. */
    static BlobSink of(BlobSink blob, BlockCodec codec, BufferPool<byte[]> buffers) {
        return codec == BlockCodec.PLAIN ? blob : new EncodingSink(blob, codec, buffers);
    }

    @Override
    public BlobId id() {
        return blob.id();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws BlobStoreException {
        int done = 0;
        while (done < length) {
            if (filled == codec.plainBlock()) {
                encode(false);
            }
            int left = length - done;
            if (filled == 0 && left > codec.plainBlock()) {
                encode(false, ByteBuffer.wrap(bytes, offset + done, codec.plainBlock()));
                done += codec.plainBlock();
            } else {
                int step = Math.min(codec.plainBlock() - filled, left);
                System.arraycopy(bytes, offset + done, buffer, BlockCodec.BLOCK + filled, step);
                filled += step;
                done += step;
            }
        }
    }

    private void encode(boolean isLast) throws BlobStoreException {
        encode(isLast, ByteBuffer.wrap(buffer, BlockCodec.BLOCK, filled));
        filled = 0;
    }

    private void encode(boolean isLast, ByteBuffer bytes) throws BlobStoreException {
        int payload = bytes.remaining() + codec.overhead();
        codec.encode(block, isLast, bytes, ByteBuffer.wrap(buffer, 0, payload));
        blob.write(buffer, 0, payload);
        block++;
    }

    @Override
    public BlobId commit(BlobDescriptor descriptor) throws BlobStoreException {
        if (filled > 0) {
            encode(true);
        }
        return blob.commit(descriptor);
    }

    @Override
    public void close() {
        if (buffer != null) {
            buffers.give(buffer);
            buffer = null;
        }
        blob.close();
    }
}
