package io.pataka.service.objects;

import io.pataka.service.access.WritePermit;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.Removal;
import io.pataka.service.metadata.ObjectIndex.RemovalRequest;
import io.pataka.service.metadata.Outcome;
import io.pataka.service.metadata.Refusal;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.WriteCondition;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Removes keys and versions. A condition on a key that has no object does not refuse the removal, because there is nothing to
 * remove; but a delete marker has no entity tag, so it meets no condition that names one. This is what Ceph Gateway does.
 */
public final class ObjectRemover {

    private final ObjectIndex index;
    private final BucketRetry retry;

    public ObjectRemover(ObjectIndex index, BucketRetry retry) {
        this.index = Objects.requireNonNull(index);
        this.retry = Objects.requireNonNull(retry);
    }

    /** Removes one. */
    public Removal remove(Bucket bucket, RemovalRequest request, WritePermit permit, Kind kind) {
        Removal outcome = retry.withBucket(
                bucket, known -> index.remove(known, request, permit.change(known, kind)), Removal.Refused::new);
        return answered(request, outcome);
    }

    /** Removes many, in a bounded number of statements; an outcome for each request, in their order. */
    public List<Removal> removeAll(Bucket bucket, List<RemovalRequest> requests, WritePermit permit, Kind kind) {
        List<Removal> removals =
                new ArrayList<>(Collections.nCopies(requests.size(), new Removal.Refused(Refusal.BUCKET_CHANGED)));
        retry.withBucket(
                bucket,
                known -> {
                    removeChanged(known, requests, removals, permit.change(known, kind));
                    return new Batch(removals);
                },
                refusal -> {
                    removals.replaceAll(removal -> removal.isBucketChanged() ? new Removal.Refused(refusal) : removal);
                    return new Batch(removals);
                });
        for (int i = 0; i < requests.size(); i++) {
            removals.set(i, answered(requests.get(i), removals.get(i)));
        }
        return removals;
    }

    /** The outcomes of many removals, which are refused as a whole while one of them found that the bucket had changed. */
    private record Batch(List<Removal> removals) implements Outcome {
        @Override
        public Optional<Refusal> refusal() {
            return removals.stream().anyMatch(Outcome::isBucketChanged)
                    ? Optional.of(Refusal.BUCKET_CHANGED)
                    : Optional.empty();
        }
    }

    /** Removes what is not removed yet. */
    private void removeChanged(
            Bucket bucket, List<RemovalRequest> requests, List<Removal> removals, ChangeContext change) {
        List<Integer> places = IntStream.range(0, requests.size())
                .filter(place -> removals.get(place).isBucketChanged())
                .boxed()
                .toList();
        List<Removal> outcomes =
                index.removeAll(bucket, places.stream().map(requests::get).toList(), change);
        for (int i = 0; i < places.size(); i++) {
            removals.set(places.get(i), outcomes.get(i));
        }
    }

    private static Removal answered(RemovalRequest request, Removal outcome) {
        return outcome.fold(marked -> marked, gone -> gone, refusal -> answered(request, refusal));
    }

    private static Removal answered(RemovalRequest request, Refusal refusal) {
        return switch (refusal) {
            case NOTHING_TO_MATCH -> new Removal.Gone(Optional.empty(), false);
            case MARKER_TO_MATCH -> {
                boolean namesTags = request.condition() instanceof WriteCondition.Matches;
                yield namesTags && request.version().isEmpty()
                        ? new Removal.Refused(Refusal.CONDITION_UNMET)
                        : new Removal.Gone(Optional.empty(), false);
            }
            case CONDITION_UNMET,
                    NO_SUCH_VERSION,
                    NO_SUCH_UPLOAD,
                    SOURCE_GONE,
                    LOCKED,
                    QUOTA_EXCEEDED,
                    CONFLICT,
                    BUCKET_CHANGED,
                    BUCKET_GONE,
                    BUCKET_REPLACED -> new Removal.Refused(refusal);
        };
    }
}
