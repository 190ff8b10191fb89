package io.pataka.service.blob;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Which shard of a volume the next blob goes to: one after the other, each for {@value #STAY} blobs. So the shards fill evenly,
 * and blobs that are written at the same time share a directory, whose fsync they can share as well, while the filesystem has
 * their inodes side by side. Each process begins at a random shard.
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
