package io.pataka.service.durability;

import io.pataka.service.testing.AccessKeys;
import io.pataka.service.testing.S3Connection;
import io.pataka.service.testing.S3Connection.Body;
import io.pataka.service.testing.S3Connection.Reply;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;

/** A client with keys of its own that writes, overwrites and deletes them until the server is gone, or the client is stopped. */
final class Writer implements Callable<Void> {

    private final int port;
    private final AccessKeys credentials;
    private final String bucket;
    private final Ledger ledger;
    private final AtomicInteger numbers;
    private final Random random;
    private volatile boolean stopped;
    private volatile long acknowledgedBegin = Long.MIN_VALUE;

    /** @param numbers where all writers of a trial take theirs from */
    Writer(int port, AccessKeys credentials, String bucket, Ledger ledger, AtomicInteger numbers, long seed) {
        this.port = port;
        this.credentials = credentials;
        this.bucket = bucket;
        this.ledger = ledger;
        this.numbers = numbers;
        this.random = new Random(seed);
    }

    @Override
    public Void call() {
        List<String> keys = ledger.keys();
        try (S3Connection connection = new S3Connection(port, credentials)) {
            while (!stopped) {
                String key = keys.get(random.nextInt(keys.size()));
                if (random.nextInt(5) == 0) {
                    write(connection, key, Optional.empty());
                } else {
                    write(connection, key, Optional.of(new Writing(numbers.incrementAndGet(), size())));
                }
            }
        } catch (IOException theServerIsGone) {
            return null;
        }
        return null;
    }

    /** Ends the client when its present request is answered. */
    void stop() {
        stopped = true;
    }

    /** Whether a write was acknowledged that began at a time of {@link System#nanoTime()} or later. */
    boolean hasWrittenSince(long time) {
        return acknowledgedBegin >= time;
    }

    /** Mostly small; one in ten large enough to be under way for a while. */
    private int size() {
        return random.nextInt(10) == 0 ? random.nextInt(4 << 20) : random.nextInt(64 << 10);
    }

    private void write(S3Connection connection, String key, Optional<Writing> writing) throws IOException {
        long begin = System.nanoTime();
        ledger.begun(key, writing);
        Reply reply = writing.isPresent()
                ? put(connection, key, writing.get())
                : connection.call("DELETE", "/" + bucket + "/" + key);
        if (reply.status() == (writing.isPresent() ? 200 : 204)) {
            ledger.acknowledged(key, writing);
            acknowledgedBegin = begin;
        } else if (reply.status() != 503) {
            throw new AssertionError("a write was answered with " + reply.head() + reply.text());
        }
    }

    private Reply put(S3Connection connection, String key, Writing writing) throws IOException {
        Map<String, String> headers = Map.of(
                "content-type",
                writing.contentType(),
                "x-amz-meta-number",
                Integer.toString(writing.number()),
                "x-amz-meta-size",
                Integer.toString(writing.size()));
        return connection.call("PUT", "/" + bucket + "/" + key, headers, Body.of(writing.content()));
    }
}
