package io.pataka.service.job;

import io.pataka.service.access.ServiceRole;
import io.pataka.service.access.WritePermit;
import io.pataka.service.lifecycle.LifecycleAction;
import io.pataka.service.logging.LoggedOperation;
import io.pataka.service.logging.StandardRecord;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.Removal;
import io.pataka.service.metadata.ObjectIndex.RemovalRequest;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.metadata.Refusal;
import io.pataka.service.metadata.UploadLedger;
import io.pataka.service.metadata.UploadLedger.Upload;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.VersionId;
import io.pataka.service.model.WriteCondition.Judged;
import io.pataka.service.objects.ObjectRemover;
import io.pataka.service.objects.StorageClassMover;
import io.pataka.service.traffic.RequestLog;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what lifecycle rules decided. Each action is made only if the version is still the one that was judged, in the state in which it
 * was judged, and no lock keeps it.
 */
public final class LifecycleActions implements DueActions {

    private static final Logger LOG = LoggerFactory.getLogger(LifecycleActions.class);

    /** Versions that one transaction removes. */
    private static final int BATCH = 100;

    private static final ServiceRole ROLE = new ServiceRole("lifecycle");

    private final ObjectIndex index;
    private final ObjectRemover remover;
    private final StorageClassMover mover;
    private final UploadLedger uploads;
    private final SweepCounts counts;
    private final RequestLog log;
    private final Clock clock;

    /** The storage classes to which the last move failed. */
    private final Set<String> failing = ConcurrentHashMap.newKeySet();

    /**
     * @param log gets a line of each action in a bucket that has an access log
     */
    public LifecycleActions(
            ObjectIndex index,
            ObjectRemover remover,
            StorageClassMover mover,
            UploadLedger uploads,
            SweepCounts counts,
            RequestLog log,
            Clock clock) {
        this.index = Objects.requireNonNull(index);
        this.remover = Objects.requireNonNull(remover);
        this.mover = Objects.requireNonNull(mover);
        this.uploads = Objects.requireNonNull(uploads);
        this.counts = Objects.requireNonNull(counts);
        this.log = Objects.requireNonNull(log);
        this.clock = Objects.requireNonNull(clock);
    }

    @Override
    public SweepCounts counts() {
        return counts;
    }

    @Override
    public int perform(Bucket bucket, List<Task> tasks, long end) {
        WritePermit permit = ROLE.permit(bucket);
        List<RemovalRequest> removals = new ArrayList<>();
        int done = 0;
        for (Task task : tasks) {
            if (task.action() instanceof LifecycleAction.Transition transition) {
                remove(bucket, removals, permit);
                move(bucket, task, transition, permit);
            } else {
                removals.add(removal(task));
                if (removals.size() == BATCH) {
                    remove(bucket, removals, permit);
                }
            }
            done++;
            if (removals.isEmpty() && System.nanoTime() - end > 0) {
                return done;
            }
        }
        remove(bucket, removals, permit);
        return done;
    }

    private static RemovalRequest removal(Task task) {
        LifecycleAction action = task.action();
        Judged.State state = action instanceof LifecycleAction.DeleteCurrent
                ? Judged.State.CURRENT
                : action instanceof LifecycleAction.DeleteNoncurrent
                        ? Judged.State.NONCURRENT
                        : Judged.State.LONE_MARKER;
        // Without a version the bucket's versioning decides whether a delete marker comes.
        Optional<VersionSelector> version =
                state == Judged.State.CURRENT ? Optional.empty() : Optional.of(VersionSelector.of(task.id()));
        return new RemovalRequest(task.key(), version, new Judged(task.id(), state, task.tags()));
    }

    private void remove(Bucket bucket, List<RemovalRequest> requests, WritePermit permit) {
        if (requests.isEmpty()) {
            return;
        }
        List<Removal> outcomes = remover.removeAll(bucket, requests, permit, Kind.LIFECYCLE_EXPIRATION);
        for (int i = 0; i < outcomes.size(); i++) {
            LOG.debug("{} {}: {}", bucket.name(), requests.get(i), outcomes.get(i));
            counts.add(
                    outcomes.get(i)
                            .fold(
                                    marked -> SweepCounts.Of.MARKED,
                                    gone -> SweepCounts.Of.REMOVED,
                                    LifecycleActions::refused),
                    1);
            log(bucket, requests.get(i).key(), outcomes.get(i));
        }
        requests.clear();
    }

    private void log(Bucket bucket, ObjectKey key, Removal outcome) {
        Optional<StandardRecord> line = outcome.fold(
                marked ->
                        Optional.of(line(bucket, LoggedOperation.EXPIRE_BY_MARKER, key, Optional.of(marked.marker()))),
                gone -> Optional.of(line(bucket, LoggedOperation.EXPIRE, key, gone.version())),
                refusal -> Optional.empty());
        line.ifPresent(made -> log.add(bucket, List.of(made)));
    }

    private StandardRecord line(Bucket bucket, LoggedOperation operation, ObjectKey key, Optional<VersionId> version) {
        return new StandardRecord(
                bucket.owner().id(),
                bucket.name(),
                clock.instant(),
                Optional.empty(),
                operation,
                Optional.of(key),
                OptionalLong.empty(),
                version.map(VersionId::text),
                Optional.empty());
    }

    private static SweepCounts.Of refused(Refusal refusal) {
        return refusal == Refusal.LOCKED ? SweepCounts.Of.LOCKED : SweepCounts.Of.CHANGED;
    }

    private void move(Bucket bucket, Task task, LifecycleAction.Transition transition, WritePermit permit) {
        counts.add(moved(bucket, task, transition.storageClass(), permit), 1);
    }

    private SweepCounts.Of moved(Bucket bucket, Task task, String storageClass, WritePermit permit) {
        Optional<ObjectVersion> version = index.version(bucket, task.key(), VersionSelector.of(task.id()))
                .filter(found -> found.id().equals(task.id()) && !found.deleteMarker())
                .filter(found -> task.tags().map(found.facts().tags()::equals).orElse(true));
        if (version.isEmpty()) {
            return SweepCounts.Of.CHANGED;
        }
        try {
            SweepCounts.Of outcome = mover.move(bucket, version.get(), storageClass, permit)
                    .fold(updated -> SweepCounts.Of.MOVED, LifecycleActions::refused);
            moved(storageClass);
            if (outcome == SweepCounts.Of.MOVED) {
                LoggedOperation transition = LoggedOperation.transition(storageClass);
                log.add(bucket, List.of(line(bucket, transition, task.key(), Optional.of(task.id()))));
            }
            return outcome;
        } catch (IOException e) {
            failed(bucket, task, storageClass, e);
            return SweepCounts.Of.FAILED;
        }
    }

    private void moved(String storageClass) {
        if (failing.remove(storageClass)) {
            LOG.info("versions can be moved to {} again", storageClass);
        }
    }

    /** Logs a failure once, and not again before a version was moved to the class: all that is due may fail if its volumes are full. */
    private void failed(Bucket bucket, Task task, String storageClass, IOException e) {
        if (failing.add(storageClass)) {
            LOG.warn("{} of {} cannot be moved to {} now: {}", task.key(), bucket.name(), storageClass, e.toString());
        }
        LOG.debug("{} of {} cannot be moved to {}", task.key(), bucket.name(), storageClass, e);
    }

    @Override
    public void keep(List<Task> tasks) {
        counts.add(SweepCounts.Of.LOCKED, tasks.size());
    }

    @Override
    public void abort(Bucket bucket, Upload upload, LifecycleAction action) {
        boolean aborted = uploads.abort(
                bucket, upload.key(), upload.id(), ROLE.permit(bucket).change(bucket, Kind.LIFECYCLE_EXPIRATION));
        counts.add(aborted ? SweepCounts.Of.ABORTED : SweepCounts.Of.CHANGED, 1);
        if (aborted) {
            log.add(bucket, List.of(line(bucket, LoggedOperation.EXPIRE_UPLOAD, upload.key(), Optional.empty())));
        }
    }
}
