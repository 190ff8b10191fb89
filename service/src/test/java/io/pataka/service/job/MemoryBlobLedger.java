package io.pataka.service.job;

import io.pataka.service.metadata.BlobLedger;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Content;
import io.pataka.service.model.ObjectKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A ledger in memory. */
final class MemoryBlobLedger implements BlobLedger {

    private final Map<BlobId, Instant> retired = new LinkedHashMap<>();
    private final Map<BlobId, Owner> needed = new HashMap<>();
    private final ArrayDeque<BlobId> parts = new ArrayDeque<>();
    private final Clock clock;

    MemoryBlobLedger(Clock clock) {
        this.clock = clock;
    }

    void need(BlobId blob, long bucketId, ObjectKey key) {
        needed.put(blob, new Owner(bucketId, key));
    }

    @Override
    public void retire(Collection<BlobId> blobs) {
        blobs.forEach(it -> retired.putIfAbsent(it, clock.instant()));
    }

    void part(BlobId blob) {
        parts.add(blob);
    }

    @Override
    public boolean retireParts(int limit) {
        for (int i = 0; i < limit && !parts.isEmpty(); i++) {
            retire(List.of(parts.remove()));
        }
        return !parts.isEmpty();
    }

    @Override
    public List<BlobId> due(Duration grace, int limit) {
        Instant latest = clock.instant().minus(grace);
        return retired.entrySet().stream()
                .filter(it -> !it.getValue().isAfter(latest))
                .map(Map.Entry::getKey)
                .limit(limit)
                .toList();
    }

    @Override
    public void unlist(Collection<BlobId> blobs) {
        retired.keySet().removeAll(blobs);
    }

    @Override
    public boolean isRetired(BlobId blob) {
        return retired.containsKey(blob);
    }

    @Override
    public boolean isNeeded(BlobId blob, long bucketId, ObjectKey key) {
        return new Owner(bucketId, key).equals(needed.get(blob));
    }

    @Override
    public Optional<Content> share(long fromBucket, Content content, long bucketId, ObjectKey key) {
        throw new AssertionError("no job shares content");
    }

    @Override
    public long waiting() {
        return retired.size();
    }

    private record Owner(long bucketId, ObjectKey key) {}
}
