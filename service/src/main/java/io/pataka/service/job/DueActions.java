package io.pataka.service.job;

import io.pataka.service.lifecycle.LifecycleAction;
import io.pataka.service.metadata.UploadLedger.Upload;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.VersionId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;

/** Takes what a sweep of lifecycle rules finds to be due, and carries it out or only tells it. */
interface DueActions {

    /**
     * A version, and what the rules do with it.
     *
     * @param tags by which the version was judged; empty if no rule asked for them
     */
    record Task(ObjectKey key, VersionId id, Optional<SortedMap<String, String>> tags, LifecycleAction action) {
        public Task {
            Objects.requireNonNull(key);
            Objects.requireNonNull(id);
            Objects.requireNonNull(tags);
            Objects.requireNonNull(action);
        }
    }

    /**
     * Does tasks in their order, at least one, until a time.
     *
     * @param end as {@link System#nanoTime} gives it
     * @return how many tasks are done, made or not
     */
    int perform(Bucket bucket, List<Task> tasks, long end);

    /** Leaves versions that are due, because a retention or a legal hold keeps them. */
    void keep(List<Task> tasks);

    /** Aborts an upload, unless it is completed or aborted already. */
    void abort(Bucket bucket, Upload upload, LifecycleAction action);

    SweepCounts counts();
}
