package io.pataka.service.blob;

import java.util.ArrayDeque;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;
import java.util.function.ToIntFunction;

/**
 * Buffers of two sizes that are used again, so that a request allocates no buffer and an idle thread keeps none. Buffers do not belong
 * to threads: with one virtual thread for each request, that would be one buffer for each request.
 */
public final class BufferPool<B> {

    /** Bytes of a small buffer: a small blob with everything that belongs to it. */
    public static final int SMALL = 16 * 1024;

    /** Bytes of a large buffer: two blocks. */
    public static final int LARGE = 128 * 1024;

    private static final int KEPT = 64;

    private final ReentrantLock lock = new ReentrantLock();
    private final ArrayDeque<B> small = new ArrayDeque<>(KEPT);
    private final ArrayDeque<B> large = new ArrayDeque<>(KEPT);
    private final IntFunction<B> allocator;
    private final ToIntFunction<B> capacity;

    BufferPool(IntFunction<B> allocator, ToIntFunction<B> capacity) {
        this.allocator = allocator;
        this.capacity = capacity;
    }

    /** A pool of arrays. */
    public static BufferPool<byte[]> ofArrays() {
        return new BufferPool<>(byte[]::new, array -> array.length);
    }

    /** A small buffer if it holds {@code wanted} bytes, otherwise a large one. Its content is arbitrary. */
    public B take(long wanted) {
        boolean fits = wanted <= SMALL;
        lock.lock();
        try {
            B pooled = (fits ? small : large).pollLast();
            if (pooled != null) {
                return pooled;
            }
        } finally {
            lock.unlock();
        }
        return allocator.apply(fits ? SMALL : LARGE);
    }

    /** Gives a buffer back, once. */
    public void give(B buffer) {
        lock.lock();
        try {
            ArrayDeque<B> shelf = capacity.applyAsInt(buffer) == SMALL ? small : large;
            if (shelf.size() < KEPT) {
                shelf.addLast(buffer);
            }
        } finally {
            lock.unlock();
        }
    }
}
