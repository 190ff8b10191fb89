package io.pataka.service.job;

import io.pataka.service.blob.BlobStore;
import io.pataka.service.blob.BlobStore.BlobEntry;
import io.pataka.service.blob.BlobStoreException;
import io.pataka.service.blob.Shard;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/**
 * A way past every blob of the store that can be left and taken up again. It begins anywhere, so that a process that never lives
 * for a whole round still comes everywhere in the end.
 */
final class ShardWalk {

    private final BlobStore store;
    private final List<Integer> volumes;
    private final ArrayDeque<BlobEntry> entries = new ArrayDeque<>();
    private final long shards;
    private long position;
    private long left;

    ShardWalk(BlobStore store) {
        this.store = store;
        this.volumes = store.volumes();
        this.shards = (long) volumes.size() * Shard.COUNT;
        this.position = ThreadLocalRandom.current().nextLong(shards);
        this.left = shards;
    }

    /** The next blob of the shard. */
    Optional<BlobEntry> next() {
        return Optional.ofNullable(entries.poll());
    }

    /** Whether the shard that the walk came to last is the last one of the round. */
    boolean isAtTheEnd() {
        return left == 0;
    }

    /**
     * Goes on to the next shard.
     *
     * @return false once after every round
     */
    boolean advance() throws BlobStoreException {
        if (left == 0) {
            left = shards;
            return false;
        }
        Shard shard = new Shard(volumes.get((int) (position / Shard.COUNT)), (int) (position % Shard.COUNT));
        // First, so that a shard that cannot be listed is not tried for ever.
        position = (position + 1) % shards;
        left--;
        try (Stream<BlobEntry> found = store.walk(shard)) {
            found.forEach(entries::add);
        }
        return true;
    }
}
