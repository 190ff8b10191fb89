package io.pataka.service.operation.object;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.Removal;
import io.pataka.service.metadata.ObjectIndex.RemovalRequest;
import io.pataka.service.metadata.Refusal;
import io.pataka.service.model.Owner;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.operation.BucketRetry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Removes keys and versions. A condition on a key that has no object does not refuse the removal, because there is nothing to
 * remove; but a delete marker has no entity tag, so it meets no condition that names one. This is what Ceph Gateway does.
 */
final class Removals {

    private final ObjectIndex index;
    private final BucketRetry retry;

    Removals(ObjectIndex index, BucketRetry retry) {
        this.index = index;
        this.retry = retry;
    }

    /** Removes one. */
    Removal remove(AdmittedCall call, RemovalRequest request) {
        Owner by = call.caller().account();
        Removal outcome = retry.withBucket(
                call.bucket(),
                bucket -> index.remove(bucket, request.key(), request.version(), by, request.condition()));
        return answered(request, outcome);
    }

    /** Removes many, in a bounded number of statements; an outcome for each request, in their order. */
    List<Removal> removeAll(AdmittedCall call, List<RemovalRequest> requests) {
        Owner by = call.caller().account();
        List<Removal> first = index.removeAll(call.bucket(), requests, by);
        List<RemovalRequest> again = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            if (first.get(i).isBucketChanged()) {
                again.add(requests.get(i));
            }
        }
        List<Removal> second =
                again.isEmpty() ? List.of() : index.removeAll(retry.lookUpAgain(call.bucket()), again, by);
        List<Removal> all = new ArrayList<>(requests.size());
        int repeated = 0;
        for (int i = 0; i < requests.size(); i++) {
            Removal outcome = first.get(i).isBucketChanged() ? second.get(repeated++) : first.get(i);
            all.add(answered(requests.get(i), outcome));
        }
        return all;
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
            case CONDITION_UNMET, NO_SUCH_VERSION, NO_SUCH_UPLOAD, CONFLICT, BUCKET_CHANGED ->
                new Removal.Refused(refusal);
        };
    }
}
