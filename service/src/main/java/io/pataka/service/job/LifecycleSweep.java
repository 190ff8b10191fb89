package io.pataka.service.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import io.pataka.service.job.DueActions.Task;
import io.pataka.service.job.SweepPosition.Cursor;
import io.pataka.service.lifecycle.AgedVersion;
import io.pataka.service.lifecycle.AgedVersion.Noncurrent;
import io.pataka.service.lifecycle.KeyStretch;
import io.pataka.service.lifecycle.LifecycleAction;
import io.pataka.service.lifecycle.LifecycleCalendar;
import io.pataka.service.lifecycle.LifecycleJudge;
import io.pataka.service.lifecycle.LifecycleJudge.Pass;
import io.pataka.service.lifecycle.LifecycleXml;
import io.pataka.service.metadata.LifecycleRows;
import io.pataka.service.metadata.LifecycleRows.CurrentFilter;
import io.pataka.service.metadata.LifecycleRows.NoncurrentVersion;
import io.pataka.service.metadata.LifecycleRows.Page;
import io.pataka.service.metadata.LifecycleRows.Place;
import io.pataka.service.metadata.LifecycleRows.RuledBucket;
import io.pataka.service.metadata.LifecycleRows.Version;
import io.pataka.service.metadata.ObjectIndex.KeyRange;
import io.pataka.service.metadata.UploadLedger;
import io.pataka.service.metadata.UploadLedger.Upload;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.UploadId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the lifecycle rules of the buckets. A sweep goes through the noncurrent versions of a bucket, then through the current ones,
 * so that a delete marker that is left alone goes in the same sweep, and then through the uploads. It reads by the order of the keys, and
 * only the keys that a rule is about. Sweeps begin when a day begins, and at once when the rules of the bucket were changed.
 */
public final class LifecycleSweep implements BucketJob {

    private static final Logger LOG = LoggerFactory.getLogger(LifecycleSweep.class);

    private static final List<Pass> PASSES = List.of(Pass.NONCURRENT, Pass.CURRENT, Pass.UPLOADS);

    /** The job runs half of the time, so that it takes no more than half of a processor on each node. */
    private static final double SHARE = 0.5;

    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration LEASE = Duration.ofMinutes(10);

    private final LifecycleRows rows;
    private final UploadLedger uploads;
    private final DueActions actions;
    private final Duration day;
    private final List<String> storageClasses;
    private final Clock clock;
    private final Limits limits;
    private final PageSize currentPage;
    private final PageSize noncurrentPage;
    private Optional<Rules> lastRules = Optional.empty();
    private Instant lastWarning = Instant.EPOCH;

    /**
     * How many rows a statement examines at most, and how long a unit of work takes.
     *
     * @param least how many it examines even if that takes long
     * @param found current versions that may be due, and uploads
     * @param unit how long a unit reads and acts; it ends with the action that it is doing
     */
    record Limits(int least, int current, int noncurrent, int found, Duration unit) {
        static final Limits USUAL = new Limits(200, 10_000, 2_000, 400, Duration.ofMillis(200));
    }

    /**
     * @param day the length of a day
     * @param storageClasses of the settings, in their order: the cheapest is the last
     * @param clock by which versions are old; a clock that is ahead would remove them early
     */
    public LifecycleSweep(
            LifecycleRows rows,
            UploadLedger uploads,
            LifecycleActions actions,
            Duration day,
            List<String> storageClasses,
            Clock clock) {
        this(rows, uploads, actions, day, storageClasses, clock, Limits.USUAL);
    }

    LifecycleSweep(
            LifecycleRows rows,
            UploadLedger uploads,
            DueActions actions,
            Duration day,
            List<String> storageClasses,
            Clock clock,
            Limits limits) {
        this.rows = Objects.requireNonNull(rows);
        this.uploads = Objects.requireNonNull(uploads);
        this.actions = Objects.requireNonNull(actions);
        this.day = Objects.requireNonNull(day);
        this.storageClasses = List.copyOf(storageClasses);
        this.clock = Objects.requireNonNull(clock);
        this.limits = Objects.requireNonNull(limits);
        this.currentPage = new PageSize(limits.least(), limits.current());
        this.noncurrentPage = new PageSize(limits.least(), limits.noncurrent());
    }

    @Override
    public String name() {
        return DocumentKind.LIFECYCLE.name();
    }

    @Override
    public Optional<DocumentKind> kind() {
        return Optional.of(DocumentKind.LIFECYCLE);
    }

    @Override
    public Job.Schedule schedule() {
        return new Job.Schedule(day, SHARE);
    }

    @Override
    public Duration lookEvery() {
        Duration part = day.dividedBy(10);
        return part.compareTo(LOOK) < 0 ? part : LOOK;
    }

    /** Long enough to move a part of 5 GiB to a slow volume. */
    @Override
    public Duration lease() {
        return LEASE;
    }

    /** Until the next day begins; no time if one began during the sweep, because more became due then. */
    @Override
    public Duration untilNextRound(Optional<String> position) {
        Instant now = clock.instant();
        Instant begun = position.map(text -> SweepPosition.parse(text).begun()).orElse(now);
        Instant next = beginningOfDay(now).plus(day);
        return beginningOfDay(begun).equals(beginningOfDay(now)) ? Duration.between(now, next) : Duration.ZERO;
    }

    private Instant beginningOfDay(Instant time) {
        Duration since = Duration.between(Instant.EPOCH, time);
        return Instant.EPOCH.plus(day.multipliedBy(since.dividedBy(day)));
    }

    /** What the sweeps did. */
    public SweepCounts counts() {
        return actions.counts();
    }

    @Override
    public Optional<String> work(long bucketId, Optional<String> position) {
        Optional<RuledBucket> ruled = rows.find(bucketId);
        if (ruled.isEmpty()) {
            return Optional.empty();
        }
        Rules rules = rules(ruled.get());
        Instant now = clock.instant();
        SweepPosition at = position.map(SweepPosition::parse)
                .filter(begun -> begun.rules().equals(rules.id()))
                .orElseGet(() -> new SweepPosition(
                        rules.id(), now.truncatedTo(ChronoUnit.SECONDS), PASSES.get(0), Optional.empty()));
        warnIfLate(ruled.get().bucket(), at.begun(), now);
        return new Unit(ruled.get().bucket(), rules.judge(), now).work(at).map(SweepPosition::text);
    }

    /** Once a day at most. */
    private void warnIfLate(Bucket bucket, Instant begun, Instant now) {
        if (begun.plus(day).isBefore(now) && lastWarning.plus(day).isBefore(now)) {
            lastWarning = now;
            LOG.warn(
                    "The lifecycle rules of bucket {} are carried out since {}, which is more than a day",
                    bucket.name(),
                    begun);
        }
    }

    /**
     * The rules of a bucket.
     *
     * @param id names the document
     */
    private record Rules(String id, Versioning versioning, LifecycleJudge judge) {}

    private Rules rules(RuledBucket ruled) {
        String id =
                Hashing.sha256().hashString(ruled.document(), UTF_8).toString().substring(0, 16);
        Versioning versioning = ruled.bucket().versioning();
        Rules rules = lastRules
                .filter(last -> last.id().equals(id) && last.versioning() == versioning)
                .orElseGet(() -> new Rules(
                        id,
                        versioning,
                        new LifecycleJudge(
                                LifecycleXml.load(ruled.document()),
                                new LifecycleCalendar(day),
                                storageClasses,
                                versioning)));
        lastRules = Optional.of(rules);
        return rules;
    }

    /** A unit of work: it reads pages until it acts on one, or the time is over. */
    private final class Unit {

        private final Bucket bucket;
        private final LifecycleJudge judge;
        private final Instant now;
        private final Map<Pass, List<KeyStretch>> stretches = new EnumMap<>(Pass.class);
        private final long end = System.nanoTime() + limits.unit().toNanos();
        private boolean hasActed;

        Unit(Bucket bucket, LifecycleJudge judge, Instant now) {
            this.bucket = bucket;
            this.judge = judge;
            this.now = now;
        }

        /** Where the sweep goes on; empty when it is complete. */
        Optional<SweepPosition> work(SweepPosition from) {
            Optional<SweepPosition> at = withKeys(from);
            do {
                at = at.flatMap(page -> page(page, stretch(page).orElseThrow()));
            } while (at.isPresent() && !hasActed && System.nanoTime() - end < 0);
            return at;
        }

        /** The position, or else the beginning of the next pass that has keys to examine; empty if there is none. */
        private Optional<SweepPosition> withKeys(SweepPosition from) {
            Optional<SweepPosition> at = Optional.of(from);
            while (at.isPresent() && stretch(at.get()).isEmpty()) {
                at = nextPass(at.get());
            }
            return at;
        }

        private static Optional<SweepPosition> nextPass(SweepPosition at) {
            int next = PASSES.indexOf(at.pass()) + 1;
            return next == PASSES.size() ? Optional.empty() : Optional.of(at.beginningOf(PASSES.get(next)));
        }

        /** The stretch of keys in which the pass goes on; empty when it is complete. */
        private Optional<KeyStretch> stretch(SweepPosition at) {
            return stretches.computeIfAbsent(at.pass(), pass -> judge.stretches(pass, now)).stream()
                    .filter(stretch -> at.cursor().isEmpty()
                            || stretch.before().isEmpty()
                            || stretch.before()
                                            .get()
                                            .compareTo(at.cursor().get().key())
                                    > 0)
                    .findFirst();
        }

        private Optional<SweepPosition> page(SweepPosition at, KeyStretch stretch) {
            // A cursor before the stretch is the end of an earlier one.
            Optional<Cursor> inside = at.cursor()
                    .filter(cursor ->
                            stretch.from().isEmpty() || stretch.from().get().compareTo(cursor.key()) <= 0);
            KeyRange keys = inside.map(cursor -> cursor.range(stretch.before()))
                    .orElseGet(() -> new KeyRange(
                            stretch.from().map(ObjectKey::bytes).orElse(new byte[0]),
                            true,
                            stretch.before().map(ObjectKey::bytes)));
            Optional<Cursor> next = switch (at.pass()) {
                case CURRENT -> current(keys, stretch);
                case NONCURRENT -> noncurrent(keys, inside.flatMap(Cursor::noncurrent), stretch);
                case UPLOADS -> uploads(keys, inside.flatMap(Cursor::upload), stretch);
            };
            return next.or(() -> stretch.before().map(Cursor::at))
                    .map(at::with)
                    .or(() -> nextPass(at))
                    .flatMap(this::withKeys);
        }

        private Optional<Cursor> current(KeyRange keys, KeyStretch stretch) {
            CurrentFilter filter = new CurrentFilter(
                    stretch.removedBefore(),
                    stretch.movedBefore(),
                    stretch.settledClasses(),
                    stretch.markersBefore(),
                    stretch.needsTags());
            long begun = System.nanoTime();
            Page<Version, ObjectKey> page = rows.current(bucket.id(), keys, filter, currentPage.rows(), limits.found());
            currentPage.took(System.nanoTime() - begun);
            List<Task> tasks = new ArrayList<>();
            for (Version version : page.rows()) {
                task(version, Optional.empty(), stretch).ifPresent(tasks::add);
            }
            int done = perform(tasks);
            boolean isComplete = done == tasks.size();
            counts().add(SweepCounts.Of.SEEN, isComplete ? page.examined() : done);
            return isComplete
                    ? page.next().map(Cursor::after)
                    : Optional.of(Cursor.after(tasks.get(done - 1).key()));
        }

        private int perform(List<Task> tasks) {
            hasActed = !tasks.isEmpty();
            return actions.perform(bucket, tasks, end);
        }

        private Optional<Task> task(Version version, Optional<Noncurrent> noncurrent, KeyStretch stretch) {
            AgedVersion aged = new AgedVersion(
                    version.key(),
                    version.id(),
                    version.createdAt(),
                    noncurrent,
                    version.size(),
                    version.tags(),
                    version.storageClass(),
                    version.deleteMarker(),
                    true);
            Optional<SortedMap<String, String>> tags =
                    stretch.needsTags() ? Optional.of(version.tags()) : Optional.empty();
            return judge.judge(aged, now).map(action -> new Task(version.key(), version.id(), tags, action));
        }

        private Optional<Cursor> noncurrent(KeyRange keys, Optional<Place> after, KeyStretch stretch) {
            Instant since = stretch.removedBefore().isAfter(stretch.movedBefore())
                    ? stretch.removedBefore()
                    : stretch.movedBefore();
            long begun = System.nanoTime();
            Page<NoncurrentVersion, Place> page =
                    rows.noncurrent(bucket.id(), keys, after, since, stretch.needsTags(), noncurrentPage.rows());
            noncurrentPage.took(System.nanoTime() - begun);
            List<Task> tasks = new ArrayList<>();
            List<Place> places = new ArrayList<>();
            List<Kept> kept = new ArrayList<>();
            Optional<ObjectKey> key = Optional.empty();
            int removed = 0;
            for (NoncurrentVersion row : page.rows()) {
                removed = key.filter(row.version().key()::equals).isPresent() ? removed : 0;
                key = Optional.of(row.version().key());
                // Versions that go do not count among the newer ones, wherever a page ends.
                Noncurrent age = new Noncurrent(row.since(), row.newer() - removed);
                Optional<Task> task = task(row.version(), Optional.of(age), stretch);
                boolean isRemoved = task.filter(it -> it.action() instanceof LifecycleAction.DeleteNoncurrent)
                        .isPresent();
                if (isRemoved && row.locked()) {
                    kept.add(new Kept(task.get(), tasks.size()));
                } else if (task.isPresent()) {
                    removed += isRemoved ? 1 : 0;
                    tasks.add(task.get());
                    places.add(row.place());
                }
            }
            int done = perform(tasks);
            boolean isComplete = done == tasks.size();
            counts().add(SweepCounts.Of.SEEN, isComplete ? page.examined() : done);
            actions.keep(kept.stream()
                    .filter(one -> isComplete || one.tasksBefore() < done)
                    .map(Kept::task)
                    .toList());
            return isComplete ? page.next().map(Cursor::after) : Optional.of(Cursor.after(places.get(done - 1)));
        }

        /**
         * A version that a lock keeps.
         *
         * @param tasksBefore how many tasks of the page come before it
         */
        private record Kept(Task task, int tasksBefore) {}

        private Optional<Cursor> uploads(KeyRange keys, Optional<UploadId> after, KeyStretch stretch) {
            List<Upload> found = uploads.scan(bucket, keys, after, limits.found());
            for (Upload upload : found) {
                counts().add(SweepCounts.Of.SEEN, 1);
                if (upload.initiated().isBefore(stretch.removedBefore())) {
                    judge.judgeUpload(upload.key(), upload.initiated(), now)
                            .ifPresent(action -> actions.abort(bucket, upload, action));
                }
                if (System.nanoTime() - end > 0) {
                    return Optional.of(Cursor.after(upload.key(), upload.id()));
                }
            }
            return found.size() < limits.found()
                    ? Optional.empty()
                    : Optional.of(found.get(found.size() - 1)).map(last -> Cursor.after(last.key(), last.id()));
        }
    }
}
