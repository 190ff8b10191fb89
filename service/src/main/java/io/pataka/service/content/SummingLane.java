package io.pataka.service.content;

import io.pataka.service.blob.BufferPool;
import java.util.ArrayDeque;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Computes the digests of one body on another thread, buffer by buffer and in order. The thread that reads the body can be a few
 * buffers ahead. A body that is received slowly never takes more than two buffers. For one reading thread.
 */
final class SummingLane implements AutoCloseable {

    /** Buffers of one body: as many as are digested while a megabyte is written to the disk, during which nothing is read. */
    static final int BUFFERS = 12;

    private final ContentDigest digest;
    private final BufferPool<byte[]> pool;
    private final Executor threads;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition summed = lock.newCondition();
    private final ArrayDeque<Filled> waiting = new ArrayDeque<>(BUFFERS);
    private final ArrayDeque<byte[]> free = new ArrayDeque<>(BUFFERS);
    private boolean running;
    private Throwable failure;

    // Only the reading thread's.
    private byte[] filling;
    private int taken;

    SummingLane(ContentDigest digest, BufferPool<byte[]> pool, Executor threads) {
        this.digest = digest;
        this.pool = pool;
        this.threads = threads;
    }

    /** As many threads as processors. If all are busy, the thread that reads a body computes its digests. */
    static Executor threads() {
        return new ThreadPoolExecutor(
                0,
                Runtime.getRuntime().availableProcessors(),
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> {
                    Thread thread = new Thread(task, "summing");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.CallerRunsPolicy());
    }

    private record Filled(byte[] buffer, int count) {}

    /** A buffer to fill. Waits for one while all of them have bytes to digest. */
    byte[] buffer() {
        lock.lock();
        try {
            while (free.isEmpty() && taken == BUFFERS) {
                summed.awaitUninterruptibly();
            }
            filling = free.pollLast();
        } finally {
            lock.unlock();
        }
        if (filling == null) {
            filling = pool.take(BufferPool.LARGE);
            taken++;
        }
        return filling;
    }

    /** Digests the buffer that was filled. The caller may still read it, and must not write to it. */
    void sum(int count) {
        lock.lock();
        try {
            waiting.addLast(new Filled(filling, count));
            filling = null;
            if (running) {
                return;
            }
            running = true;
        } finally {
            lock.unlock();
        }
        try {
            threads.execute(this::work);
        } catch (OutOfMemoryError e) { // the system has no thread left
            work();
        }
    }

    private void work() {
        for (Filled next = next(null); next != null; next = next(next.buffer())) {
            try {
                digest.update(next.buffer(), 0, next.count());
            } catch (RuntimeException | Error e) {
                failure = e;
            }
        }
    }

    private Filled next(byte[] done) {
        lock.lock();
        try {
            if (done != null) {
                free.addLast(done);
            }
            Filled next = waiting.pollFirst();
            running = next != null;
            summed.signal();
            return next;
        } finally {
            lock.unlock();
        }
    }

    /** Waits until all bytes are digested. */
    void finish() {
        lock.lock();
        try {
            while (running) {
                summed.awaitUninterruptibly();
            }
            if (failure != null) {
                throw new IllegalStateException("a body could not be summed", failure);
            }
        } finally {
            lock.unlock();
        }
    }

    /** Gives the buffers back when they are no longer read. */
    @Override
    public void close() {
        lock.lock();
        try {
            while (running) {
                summed.awaitUninterruptibly();
            }
            free.forEach(pool::give);
            free.clear();
        } finally {
            lock.unlock();
        }
        if (filling != null) {
            pool.give(filling);
            filling = null;
        }
    }
}
