package io.pataka.service.blob;

import io.pataka.service.model.BlobId;
import io.pataka.service.model.ByteSource;
import io.pataka.service.model.ObjectFacts;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;

/** Blobs in memory, in two stores, for tests that need no volume. It shows that the packages above need no files. */
public final class MemoryBlobStore implements BlobStore, BlobInventory {

    private static final int PAGE = 7;
    private static final List<Integer> STORES = List.of(1, 2);

    private final ConcurrentSkipListMap<BlobId, Blob> blobs = new ConcurrentSkipListMap<>();
    private final Map<BlobId, Blob> quarantine = new ConcurrentHashMap<>();
    private final Map<BlobId, Instant> incomplete = new ConcurrentHashMap<>();
    private int step = Integer.MAX_VALUE;

    /** A blob that was committed. */
    private record Blob(byte[] payload, BlobDescriptor descriptor, boolean isDamaged, Instant changed) {}

    /** As if bits of the blob had changed on the disk. */
    public void damage(BlobId id) {
        blobs.computeIfPresent(id, (same, blob) -> new Blob(blob.payload(), blob.descriptor(), true, Instant.now()));
    }

    /** As if somebody had written another payload, with the checksums that belong to it. */
    public void change(BlobId id, UnaryOperator<byte[]> change) {
        blobs.computeIfPresent(
                id,
                (same, blob) -> new Blob(
                        change.apply(blob.payload().clone()), blob.descriptor(), blob.isDamaged(), Instant.now()));
    }

    /** Sources write so many bytes at a time. */
    public void splitInto(int bytes) {
        step = bytes;
    }

    @Override
    public BlobSink create(String storageClass, long expected) throws BlobStoreException {
        return new Sink(newId(storageClass));
    }

    @Override
    public BlobSink createCopy(String storageClass, long expected, BlobId original) throws BlobStoreException {
        return new Sink(new BlobId(newId(storageClass).high(), original.low()));
    }

    private static BlobId newId(String storageClass) throws StoreFailedException {
        if (!storageClass.equals(ObjectFacts.STANDARD)) {
            throw new StoreFailedException("no store takes the storage class " + storageClass);
        }
        return BlobId.random(STORES.get(ThreadLocalRandom.current().nextInt(STORES.size())));
    }

    @Override
    public boolean isIn(String storageClass, BlobId id) {
        return storageClass.equals(ObjectFacts.STANDARD) && STORES.contains(id.store());
    }

    @Override
    public ByteSource open(BlobId id, int codec, long offset, long length) throws BlobStoreException {
        Blob blob = whole(id);
        if (blob.descriptor().payload().codec() != codec) {
            throw new BlobFormatUnknownException("blob " + id + " has another codec");
        }
        if (offset + length > blob.payload().length) {
            throw new BlobDamagedException("the blob has " + blob.payload().length + " bytes");
        }
        return new Source(blob.payload(), offset, length, step);
    }

    @Override
    public BlobDescriptor describe(BlobId id) throws BlobStoreException {
        return whole(id).descriptor();
    }

    private Blob whole(BlobId id) throws BlobStoreException {
        Blob blob = blob(id);
        if (blob.isDamaged()) {
            throw new BlobDamagedException("blob " + id + " is damaged");
        }
        return blob;
    }

    private Blob blob(BlobId id) throws BlobStoreException {
        requireStore(id.store());
        Blob blob = blobs.getOrDefault(id, quarantine.get(id));
        if (blob == null) {
            throw new BlobGoneException(id);
        }
        return blob;
    }

    private static void requireStore(int store) throws StoreFailedException {
        if (!STORES.contains(store)) {
            throw new StoreFailedException("store " + store + " is not configured here");
        }
    }

    @Override
    public boolean delete(BlobId id) throws BlobStoreException {
        requireStore(id.store());
        boolean wasInQuarantine = quarantine.remove(id) != null;
        return blobs.remove(id) != null || wasInQuarantine;
    }

    @Override
    public void verify(BlobId id) throws BlobStoreException {
        whole(id);
    }

    @Override
    public List<Integer> stores() {
        return STORES;
    }

    @Override
    public boolean isWell(int store) {
        return STORES.contains(store);
    }

    /** A position is the id of the last blob of the page before. */
    @Override
    public Page page(Optional<String> position) {
        List<BlobEntry> entries = new ArrayList<>();
        for (Map.Entry<BlobId, Blob> entry : after(position).entrySet()) {
            if (entries.size() == PAGE) {
                String last = entries.get(PAGE - 1).id().toString();
                return new Page(entries, Optional.of(last), Optional.empty());
            }
            entries.add(new BlobEntry(entry.getKey(), entry.getValue().changed()));
        }
        return new Page(entries, Optional.empty(), Optional.empty());
    }

    private Map<BlobId, Blob> after(Optional<String> position) {
        try {
            return position.isEmpty() ? blobs : blobs.tailMap(BlobId.parse(position.get()), false);
        } catch (IllegalArgumentException notUnderstood) {
            return blobs;
        }
    }

    @Override
    public Set<BlobId> putBack(BlobId id) {
        return Set.of();
    }

    @Override
    public String quarantine(BlobId id) throws BlobStoreException {
        Blob blob = blobs.get(id);
        if (blob == null) {
            throw new BlobGoneException(id);
        }
        if (quarantine.putIfAbsent(id, blob) == null) {
            blobs.remove(id);
            return "quarantine";
        }
        return "its place";
    }

    @Override
    public List<BlobId> quarantined(int store) {
        return quarantine.keySet().stream().filter(id -> id.store() == store).toList();
    }

    @Override
    public boolean release(BlobId id) throws BlobStoreException {
        Blob blob = quarantine.get(id);
        if (blob == null) {
            throw new BlobGoneException(id);
        }
        if (blobs.putIfAbsent(id, blob) != null) {
            return false;
        }
        quarantine.remove(id);
        return true;
    }

    @Override
    public int removeIncomplete(int store, Duration age) {
        Instant limit = Instant.now().minus(age);
        List<BlobId> old = incomplete.entrySet().stream()
                .filter(entry ->
                        entry.getKey().store() == store && entry.getValue().isBefore(limit))
                .map(Map.Entry::getKey)
                .toList();
        incomplete.keySet().removeAll(old);
        return old.size();
    }

    private final class Sink implements BlobSink {

        private final BlobId id;
        private final ByteArrayOutputStream payload = new ByteArrayOutputStream();

        Sink(BlobId id) {
            this.id = id;
        }

        @Override
        public BlobId id() {
            return id;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            payload.write(bytes, offset, length);
            incomplete.put(id, Instant.now());
        }

        @Override
        public BlobId commit(BlobDescriptor descriptor) {
            if (descriptor.payload().size() != payload.size()) {
                throw new IllegalArgumentException("the descriptor has another size");
            }
            blobs.put(id, new Blob(payload.toByteArray(), descriptor, false, Instant.now()));
            incomplete.remove(id);
            return id;
        }

        @Override
        public void close() {
            incomplete.remove(id);
        }
    }

    private record Source(byte[] payload, long offset, long length, int step) implements ByteSource {

        @Override
        public void transferTo(OutputStream out) throws IOException {
            int end = (int) (offset + length);
            for (int at = (int) offset; at < end; at += Math.min(step, end - at)) {
                out.write(payload, at, Math.min(step, end - at));
            }
        }

        @Override
        public void close() {}
    }
}
