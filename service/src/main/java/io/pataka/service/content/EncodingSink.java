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

    /** The bytes of a block and, behind them, the block's payload. */
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
            int step = Math.min(codec.plainBlock() - filled, length - done);
            System.arraycopy(bytes, offset + done, buffer, filled, step);
            filled += step;
            done += step;
        }
    }

    private void encode(boolean isLast) throws BlobStoreException {
        int payload = filled + codec.overhead();
        codec.encode(
                block, isLast, ByteBuffer.wrap(buffer, 0, filled), ByteBuffer.wrap(buffer, BlockCodec.BLOCK, payload));
        blob.write(buffer, BlockCodec.BLOCK, payload);
        block++;
        filled = 0;
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
