package io.pataka.service.job;

import io.pataka.service.lifecycle.LifecycleAction;
import io.pataka.service.metadata.LifecycleRows;
import io.pataka.service.metadata.UploadLedger;
import io.pataka.service.metadata.UploadLedger.Upload;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ObjectKey;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Tells what the sweep of a bucket would do now, and changes nothing. It reads the same pages and asks the same rules. Delete markers that the
 * sweep itself leaves alone are not told.
 */
public final class LifecycleDryRun {

    private final LifecycleRows rows;
    private final UploadLedger uploads;
    private final Duration day;
    private final List<String> storageClasses;
    private final Clock clock;

    /**
     * @param day the length of a day
     * @param storageClasses of the settings, in their order: the cheapest is the last
     */
    public LifecycleDryRun(
            LifecycleRows rows, UploadLedger uploads, Duration day, List<String> storageClasses, Clock clock) {
        this.rows = Objects.requireNonNull(rows);
        this.uploads = Objects.requireNonNull(uploads);
        this.day = Objects.requireNonNull(day);
        this.storageClasses = List.copyOf(storageClasses);
        this.clock = Objects.requireNonNull(clock);
    }

    /**
     * A version or an upload, and what the rules do with it.
     *
     * @param id of the version or of the upload
     * @param isKept whether a retention or a legal hold keeps the version
     */
    public record Finding(ObjectKey key, String id, LifecycleAction action, boolean isKept) {
        public Finding {
            Objects.requireNonNull(key);
            Objects.requireNonNull(id);
            Objects.requireNonNull(action);
        }
    }

    /**
     * What a dry run found.
     *
     * @param examined versions and uploads
     * @param due how many of them are due, with those that a lock keeps
     * @param isComplete whether all were examined
     */
    public record Result(long examined, long due, boolean isComplete) {}

    /**
     * Finds what is due: noncurrent versions first, then current ones, then uploads, each in the order of their keys.
     *
     * @param limit the most that is told; the run ends after as many
     * @param findings gets each at once
     */
    public Result run(long bucketId, int limit, Consumer<Finding> findings) {
        Telling telling = new Telling(limit, findings);
        LifecycleSweep sweep =
                new LifecycleSweep(rows, uploads, telling, day, storageClasses, clock, LifecycleSweep.Limits.USUAL);
        Optional<String> position = Optional.empty();
        do {
            position = sweep.work(bucketId, position);
        } while (position.isPresent() && telling.found < limit);
        return new Result(
                telling.counts.get(SweepCounts.Of.SEEN), telling.found, position.isEmpty() && telling.found <= limit);
    }

    /** Tells the first actions, and makes none. */
    private static final class Telling implements DueActions {

        private final SweepCounts counts = new SweepCounts();
        private final int limit;
        private final Consumer<Finding> findings;
        private long found;

        Telling(int limit, Consumer<Finding> findings) {
            this.limit = limit;
            this.findings = findings;
        }

        private void tell(ObjectKey key, String id, LifecycleAction action, boolean isKept) {
            found++;
            if (found <= limit) {
                findings.accept(new Finding(key, id, action, isKept));
            }
        }

        @Override
        public int perform(Bucket bucket, List<Task> tasks, long end) {
            tasks.forEach(task -> tell(task.key(), task.id().text(), task.action(), false));
            return tasks.size();
        }

        @Override
        public void keep(List<Task> tasks) {
            tasks.forEach(task -> tell(task.key(), task.id().text(), task.action(), true));
        }

        @Override
        public void abort(Bucket bucket, Upload upload, LifecycleAction action) {
            tell(upload.key(), upload.id().text(), action, false);
        }

        @Override
        public SweepCounts counts() {
            return counts;
        }
    }
}
