package io.pataka.service.blob;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * The buffers of {@link UncachedFile}s. There is a fixed number of them, since a file keeps its own for as long as its client
 * takes to send it: who finds none left does without.
 */
final class AlignedBuffers {

    /** Bytes of a buffer: with less at a time a fast disk is not kept busy. */
    static final int SIZE = 1 << 20;

    /** Of addresses, positions and lengths; a multiple of the block size of most filesystems. */
    static final int ALIGNMENT = 4096;

    /** Megabytes of memory, when all are in use. */
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
