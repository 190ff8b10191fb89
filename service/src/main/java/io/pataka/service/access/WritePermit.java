package io.pataka.service.access;

import io.pataka.service.model.Actor;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext;
import java.util.Objects;
import java.util.Optional;

/**
 * Lets its holder change objects of one bucket. An operation gets it from a call that is authorised, a job from its
 * {@link ServiceRole}. The index takes no change without the {@link ChangeContext} that only a permit makes, so an operation that
 * does not ask whether the caller may do what it asks for does not compile, or fails before it writes.
 */
public final class WritePermit {

    private final long bucketId;
    private final Actor actor;
    private final Optional<String> requestId;
    private final Optional<String> address;

    /** Only for calls that are authorised and for roles. */
    WritePermit(Bucket bucket, Actor actor, Optional<String> requestId, Optional<String> address) {
        this.bucketId = bucket.id();
        this.actor = Objects.requireNonNull(actor);
        this.requestId = Objects.requireNonNull(requestId);
        this.address = Objects.requireNonNull(address);
    }

    /**
     * @param bucket the bucket of the permit, as it is known now
     * @throws IllegalArgumentException when the permit is for another bucket
     */
    public ChangeContext change(Bucket bucket, ChangeContext.Kind kind) {
        if (bucket.id() != bucketId) {
            throw new IllegalArgumentException("the permit is not for the bucket " + bucket.name());
        }
        return new ChangeContext(actor, requestId, address, kind);
    }
}
