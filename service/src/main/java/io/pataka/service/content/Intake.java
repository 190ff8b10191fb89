package io.pataka.service.content;

import io.pataka.service.blob.BlobSink;
import io.pataka.service.blob.BufferPool;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Executor;

/**
 * Reads one body from the network, computes its digests and writes it to a blob. Buffers are filled completely before they are written,
 * because the network returns fewer bytes at a time than are good for the disk. MD5 costs more than all else together. So another
 * thread, if one is free, computes the digests of a body of several buffers, while this one writes and reads on.
 */
final class Intake {

    private final BufferPool<byte[]> buffers;
    private final Executor summing;
    private final IntakePlan plan;
    private final ContentDigest digest;
    private long size;

    Intake(BufferPool<byte[]> buffers, Executor summing, IntakePlan plan) {
        this.buffers = buffers;
        this.summing = summing;
        this.plan = plan;
        this.digest = new ContentDigest(plan.compute());
    }

    /**
     * Reads the body to its end.
     *
     * @return the digest of all of it
     * @throws ContentRefusedException when its length is not the plan's
     */
    ContentDigest drain(InputStream body, BlobSink sink) throws IOException {
        // With one byte more than announced, the read that fills the buffer also sees the end of a small body.
        byte[] buffer = buffers.take(plan.length().orElse(Long.MAX_VALUE - 1) + 1);
        boolean isFull;
        try {
            int count = fill(buffer, body);
            digest.update(buffer, 0, count);
            sink.write(buffer, 0, count);
            isFull = count == buffer.length;
        } finally {
            buffers.give(buffer);
        }
        if (isFull) {
            drainRest(body, sink);
        }
        requireNotTooShort();
        digest.end();
        return digest;
    }

    private void drainRest(InputStream body, BlobSink sink) throws IOException {
        try (SummingLane lane = new SummingLane(digest, buffers, summing)) {
            byte[] next = lane.buffer();
            int count = fill(next, body);
            while (count > 0) {
                lane.sum(count);
                sink.write(next, 0, count);
                next = lane.buffer();
                count = fill(next, body);
            }
            lane.finish();
        }
    }

    private int fill(byte[] buffer, InputStream body) throws IOException {
        int count = body.readNBytes(buffer, 0, buffer.length);
        size += count;
        requireNotTooLong();
        return count;
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
}
