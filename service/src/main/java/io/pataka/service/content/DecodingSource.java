package io.pataka.service.content;

import io.pataka.service.blob.BlobStore;
import io.pataka.service.blob.BlobStoreException;
import io.pataka.service.blob.BufferPool;
import io.pataka.service.content.Contents.Piece;
import io.pataka.service.model.BlockCodec;
import io.pataka.service.model.ByteSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** Decodes a piece of an object on its way out of a blob. Of the payload all blocks are read that have a byte of the piece. */
final class DecodingSource implements ByteSource {

    private final ByteSource payload;
    private final BlockCodec codec;
    private final Piece piece;
    private final BufferPool<byte[]> buffers;

    private DecodingSource(ByteSource payload, BlockCodec codec, Piece piece, BufferPool<byte[]> buffers) {
        this.payload = payload;
        this.codec = codec;
        this.piece = piece;
        this.buffers = buffers;
    }

    /** Opens a piece. With {@link BlockCodec#PLAIN} the blob's own source is returned. */
    static ByteSource open(BlobStore store, BlockCodec codec, Piece piece, BufferPool<byte[]> buffers)
            throws BlobStoreException {
        if (codec == BlockCodec.PLAIN) {
            return store.open(piece.blob(), codec.number(), piece.offset(), piece.length());
        }
        long from = firstBlock(codec, piece) * BlockCodec.BLOCK;
        long end = (piece.offset() + piece.length() + codec.plainBlock() - 1) / codec.plainBlock() * BlockCodec.BLOCK;
        long to = piece.length() == 0 ? from : Math.min(end, codec.payload(piece.size()));
        return new DecodingSource(store.open(piece.blob(), codec.number(), from, to - from), codec, piece, buffers);
    }

    private static long firstBlock(BlockCodec codec, Piece piece) {
        return piece.offset() / codec.plainBlock();
    }

    @Override
    public long length() {
        return piece.length();
    }

    @Override
    public void transferTo(OutputStream out) throws IOException {
        try (Decoder decoder = new Decoder(out)) {
            payload.transferTo(decoder);
        }
    }

    @Override
    public void close() {
        payload.close();
    }

    /** Takes payload and writes the bytes of the piece, as many at a time as come at a time. */
    private final class Decoder extends OutputStream {

        private final OutputStream out;
        private final long payloadSize = codec.payload(piece.size());
        private long block = firstBlock(codec, piece);

        /** Decoded blocks, one behind the other, of which the bytes from start to end are of the piece. */
        private final byte[] decoded = buffers.take(BufferPool.LARGE);

        private int start;
        private int end;

        /** A block that comes in parts. */
        private byte[] parts;

        private int filled;

        Decoder(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            int done = 0;
            while (done < length) {
                int wanted = (int) Math.min(BlockCodec.BLOCK, payloadSize - block * BlockCodec.BLOCK);
                if (filled == 0 && length - done >= wanted) {
                    decode(ByteBuffer.wrap(bytes, offset + done, wanted));
                    done += wanted;
                    continue;
                }
                if (parts == null) {
                    parts = buffers.take(BufferPool.LARGE);
                }
                int step = Math.min(wanted - filled, length - done);
                System.arraycopy(bytes, offset + done, parts, filled, step);
                filled += step;
                done += step;
                if (filled == wanted) {
                    filled = 0;
                    decode(ByteBuffer.wrap(parts, 0, wanted));
                }
            }
            send();
        }

        private void decode(ByteBuffer encoded) throws IOException {
            int count = encoded.remaining() - codec.overhead();
            if (decoded.length - end < count) {
                send();
            }
            boolean isLast = block * BlockCodec.BLOCK + encoded.remaining() == payloadSize;
            codec.decode(block, isLast, encoded, ByteBuffer.wrap(decoded, end, count));
            long position = block * codec.plainBlock();
            // Only the first block has bytes before the piece, and only the last one has bytes behind it.
            start += (int) Math.max(0, piece.offset() - position);
            end += (int) Math.min(count, piece.offset() + piece.length() - position);
            block++;
        }

        private void send() throws IOException {
            out.write(decoded, start, end - start);
            start = 0;
            end = 0;
        }

        @Override
        public void close() {
            buffers.give(decoded);
            if (parts != null) {
                buffers.give(parts);
                parts = null;
            }
        }
    }
}
