package io.pataka.service.content;

import io.pataka.service.blob.BlobSink;
import io.pataka.service.blob.BufferPool;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The way of one body from the network to the disk. Buffers are filled to the brim before they are written, because the network
 * hands out less at a time than the disk wants. MD5 costs more than all else together, so of a body of several buffers one is
 * summed by another thread, if a processor has one to spare, while the next comes in.
 */
final class Intake implements AutoCloseable {

    private final BufferPool<byte[]> buffers;
    private final Executor hashing;
    private final IntakePlan plan;
    private final ContentDigest digest;

    private byte[] filling;
    private byte[] hashed;
    private CompletableFuture<Void> hash = CompletableFuture.completedFuture(null);
    private long size;

    Intake(BufferPool<byte[]> buffers, Executor hashing, IntakePlan plan) {
        this.buffers = buffers;
        this.hashing = hashing;
        this.plan = plan;
        this.digest = new ContentDigest(plan.compute());
    }

    /** As many threads as processors; beyond that a request sums its own bytes. */
    static Executor hashing() {
        return new ThreadPoolExecutor(
                0,
                Runtime.getRuntime().availableProcessors(),
                10,
                TimeUnit.SECONDS,
                new SynchronousQueue<>(),
                task -> {
                    Thread thread = new Thread(task, "hashing");
                    thread.setDaemon(true);
                    return thread;
                },
                new ThreadPoolExecutor.CallerRunsPolicy());
    }

    /**
     * Reads the body to its end.
     *
     * @return the digest of all of it
     * @throws ContentRefusedException when its length is not the plan's
     */
    ContentDigest drain(InputStream body, BlobSink sink) throws IOException {
        // One byte more than announced, so that the end of a small body is seen by the read that fills the buffer.
        filling = buffers.take(plan.length().orElse(Long.MAX_VALUE - 1) + 1);
        int count = fill(body);
        if (count < filling.length) {
            digest.update(filling, 0, count);
            sink.write(filling, 0, count);
        } else {
            hashed = buffers.take(BufferPool.LARGE);
            while (count > 0) {
                hash(filling, count);
                sink.write(filling, 0, count);
                byte[] next = hashed;
                hashed = filling;
                filling = next;
                count = fill(body);
            }
            hash.join();
        }
        requireNotTooShort();
        digest.end();
        return digest;
    }

    private int fill(InputStream body) throws IOException {
        int count = body.readNBytes(filling, 0, filling.length);
        size += count;
        requireNotTooLong();
        return count;
    }

    /** In order: the buffer before this one is summed when this begins. */
    private void hash(byte[] bytes, int count) {
        hash.join();
        hash = CompletableFuture.runAsync(() -> digest.update(bytes, 0, count), hashing);
    }

    /** Bytes read so far. */
    long size() {
        return size;
    }

    private void requireNotTooLong() throws ContentRefusedException {
        if (size > plan.maxLength()) {
            throw new ContentRefusedException(
                    ContentRefusedException.Reason.TOO_LONG, "Your proposed upload exceeds the maximum allowed size");
        }
        if (plan.length().isPresent() && size > plan.length().getAsLong()) {
            throw new ContentRefusedException(
                    ContentRefusedException.Reason.TOO_LONG,
                    "You provided more bytes than the Content-Length HTTP header specifies");
        }
    }

    private void requireNotTooShort() throws ContentRefusedException {
        if (plan.length().isPresent() && size < plan.length().getAsLong()) {
            throw new ContentRefusedException(
                    ContentRefusedException.Reason.TOO_SHORT,
                    "You did not provide the number of bytes specified by the Content-Length HTTP header");
        }
    }

    /** Gives the buffers back once nobody sums them any more. */
    @Override
    public void close() {
        hash.join();
        if (filling != null) {
            buffers.give(filling);
            filling = null;
        }
        if (hashed != null) {
            buffers.give(hashed);
            hashed = null;
        }
    }
}
