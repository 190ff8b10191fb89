package io.pataka.service.blob;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Chooses the shard of the next blob: one shard after the other, each for {@value #STAY} blobs. So the shards fill evenly. Blobs that are
 * written at the same time are in one directory, share its fsync, and have their inodes next to each other. Each process begins
 * at a random shard.
 */
final class ShardTurns {

    static final int STAY = 512;

    /** Overflows at a multiple of a round through all shards. */
    private final AtomicInteger given =
            new AtomicInteger(ThreadLocalRandom.current().nextInt(Shard.COUNT) * STAY);

    int next() {
        return Integer.divideUnsigned(given.getAndIncrement(), STAY) % Shard.COUNT;
    }
}
