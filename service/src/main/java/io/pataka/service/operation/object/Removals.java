package io.pataka.service.operation.object;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.Removal;
import io.pataka.service.metadata.ObjectIndex.RemovalRequest;
import io.pataka.service.model.Owner;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.operation.BucketRetry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Removes keys and versions. A condition on a key that has no object lets the removal pass, for there is nothing to remove; but
 * a delete marker has no entity tag, so it meets no condition that names one. So Ceph Gateway has it.
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
                bucket -> index.remove(bucket, request.key(), request.version(), by, request.condition()),
                Removals::isChanged);
        return settled(request, outcome);
    }

    /** Removes many, in a bounded number of statements; an outcome for each request, in their order. */
    List<Removal> removeAll(AdmittedCall call, List<RemovalRequest> requests) {
        Owner by = call.caller().account();
        List<Removal> first = index.removeAll(call.bucket(), requests, by);
        List<RemovalRequest> again = new ArrayList<>();
        for (int i = 0; i < requests.size(); i++) {
            if (isChanged(first.get(i))) {
                again.add(requests.get(i));
            }
        }
        List<Removal> second = again.isEmpty()
                ? List.of()
                : retry.withBucket(
                        call.bucket(),
                        bucket -> index.removeAll(bucket, again, by),
                        outcomes -> outcomes.stream().anyMatch(Removals::isChanged));
        List<Removal> all = new ArrayList<>(requests.size());
        int repeated = 0;
        for (int i = 0; i < requests.size(); i++) {
            Removal outcome = isChanged(first.get(i)) ? second.get(repeated++) : first.get(i);
            all.add(settled(requests.get(i), outcome));
        }
        return all;
    }

    private static boolean isChanged(Removal outcome) {
        return outcome instanceof Removal.BucketChanged;
    }

    private static Removal settled(RemovalRequest request, Removal outcome) {
        if (!(outcome instanceof Removal.NothingToMatch nothing)) {
            return outcome;
        }
        boolean namesTags = request.condition() instanceof WriteCondition.Matches;
        return nothing.isMarker() && namesTags && request.version().isEmpty()
                ? new Removal.ConditionUnmet()
                : new Removal.Gone(Optional.empty(), false);
    }
}
