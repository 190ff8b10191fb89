package io.pataka.service.access;

import io.pataka.service.model.Actor;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Lets its holder change one bucket and its objects, or for a call that names no existing bucket, what belongs to no bucket. An
 * operation gets it from a call that is authorised, a job from its {@link ServiceRole}. Metadata take no change without the
 * {@link ChangeContext} that only a permit makes, so an operation that does not ask whether the caller may do what it asks for does
 * not compile, or fails before it writes.
 */
public final class WritePermit {

    private final OptionalLong bucketId;
    private final Actor actor;
    private final Optional<String> requestId;
    private final Optional<String> address;

    /**
     * Only for calls that are authorised and for roles.
     *
     * @param bucket empty for what belongs to no bucket
     */
    WritePermit(Optional<Bucket> bucket, Actor actor, Optional<String> requestId, Optional<String> address) {
        this.bucketId = bucket.stream().mapToLong(Bucket::id).findFirst();
        this.actor = Objects.requireNonNull(actor);
        this.requestId = Objects.requireNonNull(requestId);
        this.address = Objects.requireNonNull(address);
    }

    /**
     * @param bucket the bucket of the permit, as it is known now
     * @throws IllegalArgumentException when the permit is not for this bucket
     */
    public ChangeContext change(Bucket bucket, ChangeContext.Kind kind) {
        if (!bucketId.equals(OptionalLong.of(bucket.id()))) {
            throw new IllegalArgumentException("the permit is not for the bucket " + bucket.name());
        }
        return change(kind);
    }

    /**
     * For the creation of a bucket and for documents of an account.
     *
     * @throws IllegalArgumentException when the permit is for a bucket
     */
    public ChangeContext changeOutsideBuckets(ChangeContext.Kind kind) {
        if (bucketId.isPresent()) {
            throw new IllegalArgumentException("the permit is for a bucket");
        }
        return change(kind);
    }

    private ChangeContext change(ChangeContext.Kind kind) {
        return new ChangeContext(actor, requestId, address, kind);
    }
}
