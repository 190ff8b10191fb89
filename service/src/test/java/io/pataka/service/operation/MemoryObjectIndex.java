package io.pataka.service.operation;

import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.Refusal;
import io.pataka.service.metadata.VersionLocks;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.Content;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectLock;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Retention;
import io.pataka.service.model.RetentionMode;
import io.pataka.service.model.StoredForm;
import io.pataka.service.model.VersionId;
import io.pataka.service.model.WriteCondition;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** Versions in memory, newest first within a key, for tests of operations. */
public final class MemoryObjectIndex implements ObjectIndex, VersionLocks {

    /** The time of all events in these tests. */
    public static final Instant NOW = Instant.parse("2025-06-07T08:09:10.123456Z");

    private final MemoryBucketCatalog buckets;
    private final Map<Long, TreeMap<ObjectKey, List<ObjectVersion>>> keys = new HashMap<>();
    private final Map<Content.Parts, List<StoredPart>> parts = new HashMap<>();
    private final Map<String, OnceToken> renamed = new HashMap<>();
    private long sequence = 1000;
    private int scans;
    private int reads;
    private Runnable beforeAppend = () -> {};
    private Optional<MetadataUnavailableException> failure = Optional.empty();

    MemoryObjectIndex(MemoryBucketCatalog buckets) {
        this.buckets = buckets;
    }

    boolean isEmpty(Bucket bucket) {
        return versions(bucket).values().stream().allMatch(List::isEmpty);
    }

    BucketCatalog.Usage usage(Bucket bucket) {
        List<ObjectVersion> objects = versions(bucket).values().stream()
                .flatMap(List::stream)
                .filter(version -> !version.deleteMarker())
                .toList();
        return new BucketCatalog.Usage(
                objects.size(), objects.stream().mapToLong(ObjectVersion::size).sum());
    }

    /** How often {@link #scan} or {@link #scanVersions} was called. */
    public int scans() {
        return scans;
    }

    /** How often {@link #current}, {@link #version} or {@link #tags} was called. */
    public int reads() {
        return reads;
    }

    public void setParts(Content.Parts content, List<StoredPart> stored) {
        parts.put(content, stored);
    }

    private TreeMap<ObjectKey, List<ObjectVersion>> versions(Bucket bucket) {
        return keys.computeIfAbsent(bucket.id(), id -> new TreeMap<>());
    }

    private List<ObjectVersion> versions(Bucket bucket, ObjectKey key) {
        return versions(bucket).computeIfAbsent(key, absent -> new ArrayList<>());
    }

    @Override
    public Optional<ObjectVersion> current(Bucket bucket, ObjectKey key) {
        reads++;
        return newest(bucket, key);
    }

    private Optional<ObjectVersion> newest(Bucket bucket, ObjectKey key) {
        return versions(bucket, key).stream().findFirst();
    }

    @Override
    public Optional<ObjectVersion> version(Bucket bucket, ObjectKey key, VersionSelector selector) {
        reads++;
        return selected(bucket, key, selector);
    }

    private Optional<ObjectVersion> selected(Bucket bucket, ObjectKey key, VersionSelector selector) {
        return versions(bucket, key).stream()
                .filter(version -> selects(selector, version.id()))
                .findFirst();
    }

    @Override
    public Map<VersionName, SortedMap<String, String>> tags(Bucket bucket, Collection<VersionName> names) {
        reads++;
        Map<VersionName, SortedMap<String, String>> tags = new HashMap<>();
        for (VersionName name : names) {
            Optional<ObjectVersion> found = name.version().isPresent()
                    ? selected(bucket, name.key(), name.version().get())
                    : newest(bucket, name.key());
            found.ifPresent(version -> tags.put(name, version.facts().tags()));
        }
        return tags;
    }

    private static boolean selects(VersionSelector selector, VersionId id) {
        return selector.sequence().isEmpty()
                ? id.isNull()
                : !id.isNull() && selector.sequence().get() == id.sequence();
    }

    /** The next publication fails because the database is unavailable. */
    public void failOnce(MetadataUnavailableException failure) {
        this.failure = Optional.of(failure);
    }

    @Override
    public Publication publish(Bucket bucket, NewVersion version, WriteCondition condition, ChangeContext change) {
        if (failure.isPresent()) {
            MetadataUnavailableException thrown = failure.get();
            failure = Optional.empty();
            throw thrown;
        }
        if (!buckets.isCurrent(bucket)) {
            return new Publication.Refused(Refusal.BUCKET_CHANGED);
        }
        Optional<ObjectVersion> current = object(bucket, version.key());
        if (namesObject(condition) && current.isEmpty()) {
            return new Publication.Refused(Refusal.NOTHING_TO_MATCH);
        }
        if (!holds(condition, current)) {
            return new Publication.Refused(Refusal.CONDITION_UNMET);
        }
        VersionId id = add(bucket, version.key(), false, version);
        return new Publication.Published(id, NOW);
    }

    private VersionId add(Bucket bucket, ObjectKey key, boolean marker, NewVersion version) {
        boolean isNull = bucket.versioning() != Versioning.ENABLED;
        List<ObjectVersion> all = versions(bucket, key);
        if (isNull) {
            all.removeIf(old -> old.id().isNull());
        }
        VersionId id = new VersionId(sequence++, isNull);
        all.add(
                0,
                new ObjectVersion(
                        bucket.id(),
                        key,
                        id,
                        marker,
                        version.size(),
                        version.etag(),
                        NOW,
                        version.owner(),
                        version.content(),
                        locked(bucket, marker, stored(version.facts()))));
        return id;
    }

    private static ObjectFacts locked(Bucket bucket, boolean marker, ObjectFacts facts) {
        return marker ? facts : facts.withLock(lockOfNew(bucket, facts.lock()));
    }

    private static ObjectLock lockOfNew(Bucket bucket, ObjectLock own) {
        return own.retention().isPresent()
                ? own
                : new ObjectLock(
                        bucket.defaultRetention().map(rule -> new Retention(rule.mode(), NOW.plus(rule.period()))),
                        own.hold());
    }

    /** The time of all events is also the present. */
    private static boolean isLocked(ObjectVersion version, boolean bypassGovernance) {
        return version.facts().lock().legalHold() || isRetained(version, bypassGovernance);
    }

    private static boolean isRetained(ObjectVersion version, boolean bypassGovernance) {
        return version.facts()
                .lock()
                .retention()
                .filter(retention -> retention.until().isAfter(NOW))
                .filter(retention -> retention.mode() == RetentionMode.COMPLIANCE || !bypassGovernance)
                .isPresent();
    }

    @Override
    public FactsUpdate setRetention(
            Bucket bucket,
            ObjectKey key,
            Optional<VersionSelector> version,
            Optional<Retention> retention,
            boolean bypassGovernance,
            ChangeContext change) {
        return setLock(
                bucket,
                key,
                version,
                old -> isRetained(old, bypassGovernance)
                                && retention
                                        .filter(wanted -> old.facts()
                                                .lock()
                                                .retention()
                                                .filter(now -> now.mode() == wanted.mode()
                                                        && !wanted.until().isBefore(now.until()))
                                                .isPresent())
                                        .isEmpty()
                        ? Optional.empty()
                        : Optional.of(
                                new ObjectLock(retention, old.facts().lock().hold())));
    }

    @Override
    public FactsUpdate setLegalHold(
            Bucket bucket, ObjectKey key, Optional<VersionSelector> version, boolean hold, ChangeContext change) {
        return setLock(
                bucket,
                key,
                version,
                old -> Optional.of(new ObjectLock(old.facts().lock().retention(), Optional.of(hold))));
    }

    private FactsUpdate setLock(
            Bucket bucket,
            ObjectKey key,
            Optional<VersionSelector> version,
            Function<ObjectVersion, Optional<ObjectLock>> wanted) {
        if (!buckets.isCurrent(bucket)) {
            return new FactsUpdate.Refused(Refusal.BUCKET_CHANGED);
        }
        Optional<ObjectVersion> meant =
                version.isPresent() ? selected(bucket, key, version.get()) : newest(bucket, key);
        if (meant.filter(it -> !it.deleteMarker()).isEmpty()) {
            return new FactsUpdate.Refused(Refusal.NO_SUCH_VERSION);
        }
        Optional<ObjectLock> lock = wanted.apply(meant.get());
        if (lock.isEmpty()) {
            return new FactsUpdate.Refused(Refusal.LOCKED);
        }
        versions(bucket, key)
                .replaceAll(
                        it -> it.equals(meant.get()) ? it.withFacts(it.facts().withLock(lock.get())) : it);
        return new FactsUpdate.Updated(meant.get().id());
    }

    private static boolean resembles(WriteCondition.Resembles condition, ObjectVersion version) {
        return condition.size().orElse(version.size()) == version.size()
                && condition
                        .lastModified()
                        .filter(time -> !time.equals(version.lastModified().truncatedTo(ChronoUnit.SECONDS)))
                        .isEmpty()
                && holds(condition.tag(), Optional.of(version).filter(object -> !object.deleteMarker()));
    }

    private Optional<ObjectVersion> object(Bucket bucket, ObjectKey key) {
        return newest(bucket, key).filter(version -> !version.deleteMarker());
    }

    private static boolean namesObject(WriteCondition condition) {
        return condition instanceof WriteCondition.Present || condition instanceof WriteCondition.Matches;
    }

    private static boolean holds(WriteCondition condition, Optional<ObjectVersion> current) {
        if (condition instanceof WriteCondition.Absent) {
            return current.isEmpty();
        }
        if (condition instanceof WriteCondition.Matches matches) {
            return current.filter(version -> matches.etags().contains(version.etag()))
                    .isPresent();
        }
        if (condition instanceof WriteCondition.Differs differs) {
            return current.filter(version -> differs.etags().contains(version.etag()))
                    .isEmpty();
        }
        return true;
    }

    @Override
    public Publication append(
            Bucket bucket,
            Optional<ObjectVersion> base,
            NewVersion whole,
            AppendedPart added,
            WriteCondition condition,
            ChangeContext change) {
        beforeAppend.run();
        if (!buckets.isCurrent(bucket)) {
            return new Publication.Refused(Refusal.BUCKET_CHANGED);
        }
        if (!newest(bucket, whole.key()).equals(base)) {
            return new Publication.Refused(Refusal.CONFLICT);
        }
        List<StoredPart> list = new ArrayList<>();
        base.ifPresent(version -> {
            if (version.content() instanceof Content.Whole blob) {
                list.add(new StoredPart(
                        blob.blob(),
                        0,
                        version.size(),
                        version.etag(),
                        version.facts().checksums()));
            } else {
                list.addAll(parts.get(version.content()));
            }
        });
        list.add(new StoredPart(
                added.blob(), whole.size() - added.size(), added.size(), added.etag(), added.checksums()));
        parts.put((Content.Parts) whole.content(), list);
        return publish(bucket, whole, condition, change);
    }

    /** An action to run just before the next part is added. */
    public void beforeAppend(Runnable once) {
        beforeAppend = () -> {
            beforeAppend = () -> {};
            once.run();
        };
    }

    @Override
    public Publication rename(
            Bucket bucket,
            ObjectVersion source,
            ObjectKey to,
            WriteCondition condition,
            Optional<OnceToken> once,
            ChangeContext change) {
        Publication publication = publish(
                bucket,
                new NewVersion(to, source.size(), source.etag(), source.owner(), source.content(), source.facts()),
                condition,
                change);
        if (publication instanceof Publication.Published) {
            versions(bucket, source.key()).clear();
            once.ifPresent(it -> renamed.put(bucket.id() + " " + it.token(), it));
        }
        return publication;
    }

    @Override
    public Optional<OnceToken> renamed(Bucket bucket, String token) {
        return Optional.ofNullable(renamed.get(bucket.id() + " " + token));
    }

    @Override
    public boolean expireRenames(Duration age, int limit) {
        renamed.clear();
        return false;
    }

    @Override
    public Removal remove(Bucket bucket, RemovalRequest request, ChangeContext change) {
        ObjectKey key = request.key();
        Optional<VersionSelector> selector = request.version();
        WriteCondition condition = request.condition();
        if (!buckets.isCurrent(bucket)) {
            return new Removal.Refused(Refusal.BUCKET_CHANGED);
        }
        Optional<ObjectVersion> subject =
                selector.isPresent() ? selected(bucket, key, selector.get()) : object(bucket, key);
        if (condition instanceof WriteCondition.Resembles resembles) {
            Optional<ObjectVersion> version = subject.or(() -> newest(bucket, key));
            if (version.isEmpty()) {
                return new Removal.Refused(Refusal.NOTHING_TO_MATCH);
            }
            if (!resembles(resembles, version.get())) {
                return new Removal.Refused(Refusal.CONDITION_UNMET);
            }
        }
        if (namesObject(condition) && subject.isEmpty()) {
            boolean isMarker = selector.isEmpty() && newest(bucket, key).isPresent();
            return new Removal.Refused(isMarker ? Refusal.MARKER_TO_MATCH : Refusal.NOTHING_TO_MATCH);
        }
        if (!holds(condition, subject)) {
            return new Removal.Refused(Refusal.CONDITION_UNMET);
        }
        if (selector.isPresent()) {
            if (subject.filter(version -> isLocked(version, request.bypassGovernance()))
                    .isPresent()) {
                return new Removal.Refused(Refusal.LOCKED);
            }
            subject.ifPresent(versions(bucket, key)::remove);
            return new Removal.Gone(
                    subject.map(ObjectVersion::id),
                    subject.filter(ObjectVersion::deleteMarker).isPresent());
        }
        if (bucket.versioning() == Versioning.OFF) {
            versions(bucket, key).clear();
            return new Removal.Gone(Optional.empty(), false);
        }
        NewVersion marker = new NewVersion(
                key, 0, new ETag(""), change.actor().owner(bucket), new Content.None(), ObjectFacts.plain());
        return new Removal.Marked(add(bucket, key, true, marker));
    }

    @Override
    public List<Removal> removeAll(Bucket bucket, List<RemovalRequest> requests, ChangeContext change) {
        return requests.stream().map(request -> remove(bucket, request, change)).toList();
    }

    @Override
    public List<ListedObject> scan(Bucket bucket, KeyRange range, int limit) {
        scans++;
        List<ListedObject> found = new ArrayList<>();
        for (Map.Entry<ObjectKey, List<ObjectVersion>> entry :
                from(versions(bucket), range.from()).entrySet()) {
            if (found.size() == limit) {
                break;
            }
            if (isWithin(range, entry.getKey())) {
                object(bucket, entry.getKey()).map(MemoryObjectIndex::listed).ifPresent(found::add);
            }
        }
        return found;
    }

    @Override
    public List<ListedVersion> scanVersions(Bucket bucket, VersionRange range, int limit) {
        scans++;
        List<ListedVersion> found = new ArrayList<>();
        for (Map.Entry<ObjectKey, List<ObjectVersion>> entry : versions(bucket).entrySet()) {
            if (!isWithin(range.keys(), entry.getKey())) {
                continue;
            }
            boolean first = Arrays.equals(entry.getKey().bytes(), range.keys().from());
            for (ObjectVersion version : entry.getValue()) {
                boolean seen = first
                        && range.olderThan().isPresent()
                        && version.id().sequence() >= range.olderThan().get();
                if (!seen && found.size() < limit) {
                    boolean current = version.equals(entry.getValue().get(0));
                    found.add(new ListedVersion(listed(version), version.id(), current, version.deleteMarker()));
                }
            }
        }
        return found;
    }

    private static Map<ObjectKey, List<ObjectVersion>> from(TreeMap<ObjectKey, List<ObjectVersion>> all, byte[] from) {
        if (from.length == 0) {
            return all;
        }
        byte[] begin = Arrays.copyOf(from, Math.min(from.length, ObjectKey.MAX_LENGTH));
        return all.tailMap(ObjectKey.of(begin), true);
    }

    private static boolean isWithin(KeyRange range, ObjectKey key) {
        int order = Arrays.compareUnsigned(key.bytes(), range.from());
        boolean begun = range.inclusive() ? order >= 0 : order > 0;
        return begun
                && range.before()
                        .filter(end -> Arrays.compareUnsigned(key.bytes(), end) >= 0)
                        .isEmpty();
    }

    private static ListedObject listed(ObjectVersion version) {
        return new ListedObject(
                version.key(),
                version.size(),
                version.etag(),
                version.lastModified(),
                version.owner(),
                version.facts().storageClass(),
                version.facts().checksums().stream().findFirst(),
                version.facts().appendable());
    }

    @Override
    public FactsUpdate updateUnlocked(
            Bucket bucket,
            ObjectKey key,
            Optional<VersionSelector> selector,
            Function<ObjectFacts, Optional<ObjectFacts>> update,
            ChangeContext change) {
        Optional<ObjectVersion> meant =
                selector.isPresent() ? selected(bucket, key, selector.get()) : newest(bucket, key);
        return meant.filter(version -> isLocked(version, false)).isPresent()
                ? new FactsUpdate.Refused(Refusal.LOCKED)
                : updateFacts(bucket, key, selector, update, change);
    }

    @Override
    public FactsUpdate updateFacts(
            Bucket bucket,
            ObjectKey key,
            Optional<VersionSelector> selector,
            Function<ObjectFacts, Optional<ObjectFacts>> update,
            ChangeContext change) {
        if (!buckets.isCurrent(bucket)) {
            return new FactsUpdate.Refused(Refusal.BUCKET_CHANGED);
        }
        List<ObjectVersion> all = versions(bucket, key);
        for (int i = 0; i < all.size(); i++) {
            ObjectVersion old = all.get(i);
            boolean meant = selector.map(it -> selects(it, old.id())).orElse(i == 0);
            if (meant && !old.deleteMarker()) {
                Optional<ObjectFacts> facts = update.apply(old.facts());
                if (facts.isEmpty()) {
                    return new FactsUpdate.Refused(Refusal.CONFLICT);
                }
                all.set(
                        i,
                        new ObjectVersion(
                                old.bucketId(),
                                key,
                                old.id(),
                                false,
                                old.size(),
                                old.etag(),
                                old.lastModified(),
                                old.owner(),
                                old.content(),
                                stored(facts.get())));
                return new FactsUpdate.Updated(old.id());
            }
        }
        return new FactsUpdate.Refused(Refusal.NO_SUCH_VERSION);
    }

    @Override
    public List<StoredPart> parts(long bucketId, Content.Parts content, long offset, long length) {
        return parts.get(content).stream()
                .filter(part -> part.offset() < offset + length && part.offset() + part.size() > offset)
                .toList();
    }

    @Override
    public List<StoredPart> partsAfter(long bucketId, Content.Parts content, int skip, int limit) {
        return parts.get(content).stream().skip(skip).limit(limit).toList();
    }

    /** As a row has them: without the data key. */
    static ObjectFacts stored(ObjectFacts facts) {
        return facts.form() instanceof StoredForm.Encrypted encrypted
                ? facts.withForm(new StoredForm.Encrypted(encrypted.envelope(), Optional.empty()))
                : facts;
    }
}
