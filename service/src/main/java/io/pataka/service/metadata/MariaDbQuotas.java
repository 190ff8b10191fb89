package io.pataka.service.metadata;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.pataka.service.metadata.BucketCatalog.Usage;
import io.pataka.service.metadata.row.Bind;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.Quota;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The quotas in MariaDB, which are documents of buckets and accounts. */
public final class MariaDbQuotas implements Quotas {

    private static final int SUBJECTS = 100_000;

    /** How long it is remembered what this node added; longer than two rounds of the job that sums. */
    private static final Duration MEMORY = Duration.ofHours(1);

    /** How old a count may be while there is room. */
    private static final Duration WITH_ROOM = Duration.ofSeconds(30);

    /** How old a count may be while more than nine tenths are used. */
    private static final Duration NEARLY_FULL = Duration.ofSeconds(2);

    /** A sum that is not older is not made anew when it refuses a change. */
    private static final Duration FRESH_SUM = Duration.ofSeconds(30);

    /** Parts beyond these do not count, so that no count takes long. */
    private static final int PARTS = 1_000_000;

    private static final String BYTES_OF_PARTS = "SELECT COALESCE(SUM(size), 0) FROM (SELECT p.size FROM upload u"
            + " STRAIGHT_JOIN part p ON p.upload_id = u.id WHERE u.bucket_id IN (%s) LIMIT " + PARTS + ") parts";
    private static final String OF_BUCKET = BYTES_OF_PARTS.formatted("?");
    private static final String OF_PROJECT = BYTES_OF_PARTS.formatted("SELECT id FROM bucket WHERE owner_id = ?");

    private static final String REPLACED = "SELECT size FROM object_current WHERE bucket_id = ? AND object_key = ?"
            + " AND null_version AND NOT delete_marker";

    private static final String ALL = "SELECT FALSE of_bucket, CAST(account_id AS BINARY) name, kind, document"
            + " FROM account_document WHERE kind IN (?, ?) UNION ALL SELECT TRUE, b.name, d.kind, d.document"
            + " FROM bucket_document d JOIN bucket b ON b.id = d.bucket_id WHERE d.kind = ?"
            + " ORDER BY of_bucket, name, kind DESC";

    private final Database database;
    private final BucketCatalog buckets;
    private final AccountDocuments accounts;
    private final BucketUsage usage;
    private final ProjectQuotas defaults;
    private final Clock clock;
    private final Cache<Subject, GrowthTally> tallies = Caffeine.newBuilder()
            .maximumSize(SUBJECTS)
            .expireAfterAccess(MEMORY)
            .build();
    private final SharedLoads<Subject, Found> found =
            new SharedLoads<>(SUBJECTS, MEMORY, Ticker.systemTicker(), this::look);

    /**
     * @param defaults of projects and buckets that have no quota of their own
     */
    public MariaDbQuotas(
            Database database,
            BucketCatalog buckets,
            AccountDocuments accounts,
            BucketUsage usage,
            ProjectQuotas defaults,
            Clock clock) {
        this.database = Objects.requireNonNull(database);
        this.buckets = Objects.requireNonNull(buckets);
        this.accounts = Objects.requireNonNull(accounts);
        this.usage = Objects.requireNonNull(usage);
        this.defaults = Objects.requireNonNull(defaults);
        this.clock = Objects.requireNonNull(clock);
    }

    /** A bucket, or all buckets of a project; what does not apply is 0 or empty. */
    private record Subject(long bucketId, String ownerId) {
        boolean isBucket() {
            return ownerId.isEmpty();
        }
    }

    /** A quota that a change has to keep to. */
    private record Limit(Subject subject, Quota quota) {}

    /**
     * What a count or a sum found.
     *
     * @param versions empty if there is much, and it was never added up
     * @param tally of the same subject
     * @param madeBefore what this node had made before the count, so that it is in it
     */
    private record Found(Optional<Usage> versions, long partBytes, GrowthTally tally, Growth madeBefore) {

        /**
         * Whether there is room for more.
         *
         * @param made all that this node made and is making
         */
        boolean hasRoom(Quota quota, Growth made, Growth more) {
            return versions.isEmpty() || quota.hasRoom(bytes(made), objects(made), more.bytes(), more.objects());
        }

        boolean isNearlyFull(Quota quota) {
            Growth made = tally.made();
            return versions.isPresent() && quota.isNearlyFull(bytes(made), objects(made));
        }

        private long bytes(Growth made) {
            return versions.orElseThrow().bytes()
                    + partBytes
                    + made.versionBytes()
                    - versionsMadeBefore().versionBytes()
                    + made.partBytes()
                    - madeBefore.partBytes();
        }

        private long objects(Growth made) {
            return versions.orElseThrow().objects()
                    + made.objects()
                    - versionsMadeBefore().objects();
        }

        private Growth versionsMadeBefore() {
            return versions.orElseThrow().asOf().map(tally::madeBefore).orElse(madeBefore);
        }
    }

    /** A change that has begun, and its growth without what it replaces. */
    private record Begun(GrowthTally tally, Growth growth) {}

    /** The limits that a change of the bucket has to keep to; none for most buckets. */
    private List<Limit> limits(Bucket bucket) {
        List<Limit> limits = new ArrayList<>(2);
        add(limits, new Subject(bucket.id(), ""), ofBucket(bucket));
        add(limits, new Subject(0, bucket.owner().id()), ofOwner(bucket));
        return limits;
    }

    private static void add(List<Limit> limits, Subject subject, Quota quota) {
        if (!quota.equals(Quota.UNLIMITED)) {
            limits.add(new Limit(subject, quota));
        }
    }

    @Override
    public Quota ofBucket(Bucket bucket) {
        return buckets.document(bucket, DocumentKind.QUOTA)
                .or(() -> buckets.ownersDocument(bucket, DocumentKind.BUCKET_QUOTA))
                .map(Quota::parse)
                .orElse(defaults.eachBucket());
    }

    private Quota ofOwner(Bucket bucket) {
        return buckets.ownersDocument(bucket, DocumentKind.QUOTA)
                .map(Quota::parse)
                .orElse(defaults.whole());
    }

    @Override
    public ProjectQuotas ofProject(String accountId) {
        return new ProjectQuotas(
                accounts.find(accountId, DocumentKind.QUOTA).map(Quota::parse).orElse(defaults.whole()),
                accounts.find(accountId, DocumentKind.BUCKET_QUOTA)
                        .map(Quota::parse)
                        .orElse(defaults.eachBucket()));
    }

    @Override
    public List<SetQuota> all() {
        String ofProject = DocumentKind.QUOTA.name();
        return database.read(handle -> Bind.all(
                        handle.createQuery(ALL), ofProject, DocumentKind.BUCKET_QUOTA.name(), ofProject)
                .map((row, context) -> new SetQuota(
                        new String(row.getBytes(2), UTF_8),
                        row.getBoolean(1)
                                ? Scope.BUCKET
                                : row.getString(3).equals(ofProject) ? Scope.PROJECT : Scope.EACH_BUCKET_OF_PROJECT,
                        Quota.parse(row.getString(4))))
                .list());
    }

    @Override
    public boolean hasRoom(Bucket bucket, Growth growth) {
        return limits(bucket).stream()
                .allMatch(
                        limit -> begun(bucket, limit, growth, (tally, more, room) -> room.test(tally.madeAndPending()))
                                .isPresent());
    }

    @Override
    public <T extends Outcome> T judged(
            Bucket bucket, Growth growth, Supplier<T> change, Function<T, Growth> made, Function<Refusal, T> refused) {
        List<Limit> limits = limits(bucket);
        if (limits.isEmpty()) {
            return change.get();
        }
        List<Begun> begun = new ArrayList<>(limits.size());
        for (Limit limit : limits) {
            Optional<Begun> one = begun(bucket, limit, growth, GrowthTally::begin);
            if (one.isEmpty()) {
                begun.forEach(other -> other.tally().end(other.growth(), Growth.NONE, clock.instant()));
                return refused.apply(Refusal.QUOTA_EXCEEDED);
            }
            begun.add(one.get());
        }
        // A change that failed may have been made: it counts until there is a new count.
        Growth added = growth;
        try {
            T outcome = change.get();
            added = outcome.refusal().isPresent() ? Growth.NONE : made.apply(outcome);
            return outcome;
        } finally {
            Growth now = added;
            begun.forEach(one -> one.tally()
                    .end(
                            one.growth(),
                            now.equals(Growth.NONE) ? now : now.minus(growth.minus(one.growth())),
                            clock.instant()));
        }
    }

    /** Begins a change, if there is room. */
    @FunctionalInterface
    private interface Attempt {
        boolean make(GrowthTally tally, Growth growth, Predicate<Growth> hasRoom);
    }

    /** Counts only as often as it must, and always before it refuses. */
    private Optional<Begun> begun(Bucket bucket, Limit limit, Growth growth, Attempt attempt) {
        Subject subject = limit.subject();
        long now = System.nanoTime();
        Found known = found.getSince(subject, now - WITH_ROOM.toNanos());
        if (known.isNearlyFull(limit.quota())) {
            known = found.getSince(subject, now - NEARLY_FULL.toNanos());
        }
        Optional<Begun> begun = begun(limit, known, growth, attempt);
        if (begun.isPresent()) {
            return begun;
        }
        Found fresh = found.getSince(subject, now);
        Growth net = growth.minus(replaced(bucket, growth));
        begun = begun(limit, fresh, net, attempt);
        if (begun.isEmpty()) {
            askForANewSum(subject, fresh);
        }
        return begun;
    }

    private static Optional<Begun> begun(Limit limit, Found found, Growth growth, Attempt attempt) {
        return attempt.make(found.tally(), growth, made -> found.hasRoom(limit.quota(), made, growth))
                ? Optional.of(new Begun(found.tally(), growth))
                : Optional.empty();
    }

    /** The version that a change replaces and does not keep. */
    private Growth replaced(Bucket bucket, Growth growth) {
        if (growth.replaces().isEmpty() || bucket.versioning() == Versioning.ENABLED) {
            return Growth.NONE;
        }
        ObjectKey key = growth.replaces().get();
        return database.read(handle -> Bind.all(handle.createQuery(REPLACED), bucket.id(), key.bytes())
                .mapTo(Long.class)
                .findOne()
                .map(size -> Growth.ofVersion(key, size))
                .orElse(Growth.NONE));
    }

    private Found look(Subject subject) {
        GrowthTally tally = tallies.get(subject, it -> new GrowthTally(clock.instant()));
        Growth madeBefore = tally.made();
        Object id = subject.isBucket() ? subject.bucketId() : subject.ownerId();
        long partBytes =
                database.read(handle -> Bind.all(handle.createQuery(subject.isBucket() ? OF_BUCKET : OF_PROJECT), id)
                        .mapTo(Long.class)
                        .one());
        Optional<Usage> versions =
                subject.isBucket() ? usage.ofBucket(subject.bucketId()) : usage.ofOwner(subject.ownerId());
        return new Found(versions, partBytes, tally, madeBefore);
    }

    /** Removals are not in a sum before it is made anew. */
    private void askForANewSum(Subject subject, Found found) {
        boolean isOld = found.versions()
                .flatMap(Usage::asOf)
                .filter(made -> made.isBefore(clock.instant().minus(FRESH_SUM)))
                .isPresent();
        if (isOld && subject.isBucket()) {
            usage.askForANewSumOfBucket(subject.bucketId());
        } else if (isOld) {
            usage.askForNewSumsOfOwner(subject.ownerId());
        }
    }
}
