package io.pataka.service.job;

import io.pataka.service.metadata.DamageLedger;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.UploadId;
import java.time.Instant;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A ledger of lost blobs in memory. The test decides which blobs no version needs. */
final class MemoryDamageLedger implements DamageLedger {

    private final TreeMap<BlobId, Damage> damages = new TreeMap<>();
    private final Set<BlobId> abandoned = new HashSet<>();

    void abandon(BlobId blob) {
        abandoned.add(blob);
    }

    @Override
    public void record(BlobId blob, Kind kind, String reason) {
        damages.put(blob, new Damage(blob, kind, Instant.EPOCH, reason, Optional.empty()));
    }

    @Override
    public void seen(Collection<BlobId> blobs, long bucketId, ObjectKey key) {
        // no test asks who needs them
    }

    @Override
    public List<Damage> seen(UploadId upload, long bucketId, ObjectKey key) {
        return List.of();
    }

    @Override
    public void clear(Collection<BlobId> blobs) {
        damages.keySet().removeAll(Set.copyOf(blobs));
    }

    @Override
    public Set<BlobId> lostAmong(Collection<BlobId> blobs) {
        Set<BlobId> lost = new HashSet<>(blobs);
        lost.retainAll(damages.keySet());
        return lost;
    }

    @Override
    public Lost lost(int limit) {
        return new Lost(damages.keySet(), Set.of());
    }

    @Override
    public Map<Kind, Long> counts() {
        Map<Kind, Long> counts = new EnumMap<>(Kind.class);
        damages.values().forEach(damage -> counts.merge(damage.kind(), 1L, Long::sum));
        return counts;
    }

    @Override
    public Optional<Damage> find(BlobId blob) {
        return Optional.ofNullable(damages.get(blob));
    }

    @Override
    public List<Damage> list(Optional<Damage> after, int limit) {
        return damages.values().stream()
                .filter(damage ->
                        after.isEmpty() || damage.blob().compareTo(after.get().blob()) > 0)
                .limit(limit)
                .toList();
    }

    @Override
    public boolean isAbandoned(BlobId blob, String audit) {
        return abandoned.contains(blob) && damages.containsKey(blob);
    }

    @Override
    public List<Damage> unseen(String audit, int limit) {
        return List.of();
    }
}
