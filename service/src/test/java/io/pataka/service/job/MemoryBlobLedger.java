package io.pataka.service.job;

import io.pataka.service.metadata.BlobLedger;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.ObjectKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A ledger in memory. */
final class MemoryBlobLedger implements BlobLedger {

    private final Map<BlobId, Instant> retired = new LinkedHashMap<>();
    private final Map<BlobId, LinkedKey> needed = new HashMap<>();
    private final Clock clock;

    MemoryBlobLedger(Clock clock) {
        this.clock = clock;
    }

    void need(BlobId blob, long bucketId, ObjectKey key) {
        needed.put(blob, new LinkedKey(bucketId, key));
    }

    @Override
    public void retire(Collection<BlobId> blobs) {
        blobs.forEach(it -> retired.putIfAbsent(it, clock.instant()));
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
    public void collected(Collection<BlobId> blobs) {
        retired.keySet().removeAll(blobs);
    }

    @Override
    public boolean isNeeded(BlobId blob, long bucketId, ObjectKey key) {
        return new LinkedKey(bucketId, key).equals(needed.get(blob));
    }

    @Override
    public void link(BlobId blob, long bucketId, ObjectKey key) {
        need(blob, bucketId, key);
    }

    @Override
    public long waiting() {
        return retired.size();
    }

    @Override
    public Optional<LinkedKey> linkOf(BlobId blob) {
        return Optional.empty();
    }
}
