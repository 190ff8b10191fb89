package io.pataka.service.blob;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * The buffers of {@link UncachedFile}s. Their number is limited, since a file keeps its buffer as long as its client takes to send it.
 * If none is left, the file is written through the page cache.
 */
final class AlignedBuffers {

    /** Bytes of a buffer. Smaller writes do not keep a fast disk busy. */
    static final int SIZE = 1 << 20;

    /** Addresses, positions and lengths are multiples of this, which is a multiple of the block size of most filesystems. */
    static final int ALIGNMENT = 4096;

    /** The most buffers; as many MiB when all are in use. */
    static final int MOST = 32;

    private final Semaphore left = new Semaphore(MOST);
    private final ConcurrentLinkedQueue<ByteBuffer> idle = new ConcurrentLinkedQueue<>();

    /** An empty buffer, if one is left. */
    Optional<ByteBuffer> take() {
        if (!left.tryAcquire()) {
            return Optional.empty();
        }
        ByteBuffer used = idle.poll();
        return Optional.of(
                used != null
                        ? used
                        : ByteBuffer.allocateDirect(SIZE + ALIGNMENT)
                                .alignedSlice(ALIGNMENT)
                                .limit(SIZE));
    }

    /** Gives a buffer back, once. */
    void give(ByteBuffer buffer) {
        idle.add(buffer.clear().limit(SIZE));
        left.release();
    }
}
