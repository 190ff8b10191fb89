package io.pataka.service.operation;

import io.pataka.service.metadata.AccountDocuments;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.DefaultRetention;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.Owner;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Buckets in memory, for tests of operations. {@link #find} returns old values until {@link #findSince} reads new ones. */
public final class MemoryBucketCatalog implements BucketCatalog {

    private final TreeMap<String, Bucket> buckets = new TreeMap<>();
    private final Map<String, Bucket> remembered = new HashMap<>();
    private final Map<String, String> documents = new HashMap<>();
    private final MemoryAccountDocuments accounts = new MemoryAccountDocuments();
    private final MemoryObjectIndex index = new MemoryObjectIndex(this);
    private long nextId = 1;

    public MemoryObjectIndex index() {
        return index;
    }

    Optional<Bucket> withId(long id) {
        return buckets.values().stream().filter(bucket -> bucket.id() == id).findFirst();
    }

    @Override
    public Optional<Bucket> find(BucketName name) {
        return Optional.ofNullable(remembered.get(name.text()));
    }

    @Override
    public Optional<Bucket> findSince(BucketName name, long since) {
        Bucket bucket = buckets.get(name.text());
        if (bucket == null) {
            remembered.remove(name.text());
        } else {
            remembered.put(name.text(), bucket);
        }
        return Optional.ofNullable(bucket);
    }

    @Override
    public void refreshDocuments(Bucket bucket, long since) {
        // They are always fresh.
    }

    @Override
    public Creation create(
            BucketName name,
            Owner owner,
            boolean objectLock,
            int limit,
            Map<DocumentKind, String> initial,
            ChangeContext change) {
        return create(name, owner, objectLock, limit, initial);
    }

    /** For tests, which need no permit. */
    public Creation create(
            BucketName name, Owner owner, boolean objectLock, int limit, Map<DocumentKind, String> initial) {
        if (buckets.containsKey(name.text())) {
            return new Creation.Taken(buckets.get(name.text()));
        }
        long owned = buckets.values().stream()
                .filter(bucket -> bucket.owner().id().equals(owner.id()))
                .count();
        if (limit > 0 && owned >= limit) {
            return new Creation.OverLimit(limit);
        }
        Bucket bucket = new Bucket(
                nextId++,
                name,
                owner,
                Instant.parse("2024-02-03T04:05:06.789Z"),
                objectLock ? Versioning.ENABLED : Versioning.OFF,
                objectLock,
                Optional.empty(),
                false,
                1);
        buckets.put(name.text(), bucket);
        initial.forEach((kind, document) -> putDocument(bucket, kind, document));
        return new Creation.Created(bucket);
    }

    @Override
    public Deletion delete(Bucket bucket, ChangeContext change) {
        if (!buckets.containsKey(bucket.name().text())) {
            return Deletion.GONE;
        }
        if (!index.isEmpty(bucket)) {
            return Deletion.NOT_EMPTY;
        }
        buckets.remove(bucket.name().text());
        remembered.remove(bucket.name().text());
        return Deletion.DELETED;
    }

    /** As if another node had deleted the bucket. */
    public void vanish(String name) {
        buckets.remove(name);
    }

    @Override
    public List<Bucket> page(String ownerId, String prefix, String after, int limit) {
        return buckets.values().stream()
                .filter(bucket -> bucket.owner().id().equals(ownerId))
                .filter(bucket -> bucket.name().text().startsWith(prefix))
                .filter(bucket -> bucket.name().text().compareTo(after) > 0)
                .limit(limit)
                .toList();
    }

    @Override
    public Optional<Bucket> setVersioning(Bucket bucket, Versioning versioning, ChangeContext change) {
        return setVersioning(bucket, versioning);
    }

    /** As if another node had changed the setting: {@link #find} does not know it. */
    public Optional<Bucket> setVersioning(Bucket bucket, Versioning versioning) {
        Bucket changed = new Bucket(
                bucket.id(),
                bucket.name(),
                bucket.owner(),
                bucket.createdAt(),
                bucket.objectLock() ? Versioning.ENABLED : versioning,
                bucket.objectLock(),
                bucket.defaultRetention(),
                bucket.recordsChanges(),
                bucket.epoch() + 1);
        buckets.put(bucket.name().text(), changed);
        return Optional.of(changed);
    }

    @Override
    public LockSetting setObjectLock(Bucket known, Optional<DefaultRetention> defaultRetention, ChangeContext change) {
        Bucket bucket = buckets.get(known.name().text());
        if (bucket == null) {
            return LockSetting.GONE;
        }
        if (bucket.versioning() != Versioning.ENABLED) {
            return LockSetting.NOT_VERSIONED;
        }
        Bucket changed = new Bucket(
                bucket.id(),
                bucket.name(),
                bucket.owner(),
                bucket.createdAt(),
                bucket.versioning(),
                true,
                defaultRetention,
                bucket.recordsChanges(),
                bucket.epoch() + 1);
        buckets.put(bucket.name().text(), changed);
        remembered.put(bucket.name().text(), changed);
        return LockSetting.SET;
    }

    boolean isCurrent(Bucket bucket) {
        Bucket now = buckets.get(bucket.name().text());
        return now != null && now.id() == bucket.id() && now.epoch() == bucket.epoch();
    }

    @Override
    public Optional<String> document(Bucket bucket, DocumentKind kind) {
        return Optional.ofNullable(documents.get(bucket.id() + kind.name()));
    }

    @Override
    public Optional<String> ownersDocument(Bucket bucket, DocumentKind kind) {
        return accounts.find(bucket.owner().id(), kind);
    }

    /** The documents of the accounts that own buckets. */
    public AccountDocuments accounts() {
        return accounts;
    }

    private static final class MemoryAccountDocuments implements AccountDocuments {

        private final Map<String, String> documents = new HashMap<>();

        @Override
        public Optional<String> find(String accountId, DocumentKind kind) {
            return Optional.ofNullable(documents.get(accountId + "/" + kind.name()));
        }

        @Override
        public void put(String accountId, DocumentKind kind, String document, ChangeContext change) {
            documents.put(accountId + "/" + kind.name(), document);
        }

        @Override
        public void delete(String accountId, DocumentKind kind, ChangeContext change) {
            documents.remove(accountId + "/" + kind.name());
        }
    }

    @Override
    public boolean putDocument(Bucket bucket, DocumentKind kind, StoredDocument document, ChangeContext change) {
        return putDocument(bucket, kind, document.text());
    }

    @Override
    public boolean updateDocument(
            Bucket bucket,
            DocumentKind kind,
            Function<Optional<String>, Optional<StoredDocument>> update,
            ChangeContext change) {
        Optional<StoredDocument> updated = update.apply(document(bucket, kind));
        if (updated.isPresent()) {
            return putDocument(bucket, kind, updated.get(), change);
        }
        deleteDocument(bucket, kind, change);
        return buckets.containsValue(now(bucket));
    }

    /** For tests, which need no permit. */
    public boolean putDocument(Bucket bucket, DocumentKind kind, String document) {
        if (!buckets.containsValue(now(bucket))) {
            return false;
        }
        documents.put(bucket.id() + kind.name(), document);
        return true;
    }

    private Bucket now(Bucket bucket) {
        return Optional.ofNullable(buckets.get(bucket.name().text()))
                .filter(found -> found.id() == bucket.id())
                .orElse(null);
    }

    @Override
    public boolean deleteDocument(Bucket bucket, DocumentKind kind, ChangeContext change) {
        return documents.remove(bucket.id() + kind.name()) != null;
    }

    @Override
    public Optional<Usage> usage(Bucket bucket) {
        return Optional.of(index.usage(bucket));
    }

    @Override
    public Optional<Usage> usage(Owner owner) {
        return Optional.of(buckets.values().stream()
                .filter(bucket -> bucket.owner().id().equals(owner.id()))
                .map(index::usage)
                .reduce(new Usage(0, 0), (a, b) -> new Usage(a.objects() + b.objects(), a.bytes() + b.bytes())));
    }
}
