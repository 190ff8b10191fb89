package io.pataka.service.model;

import java.util.Objects;

/** Who makes a change: the caller of a request, or the service itself. */
public sealed interface Actor {

    /** Who owns a delete marker that the actor adds to a bucket. */
    Owner owner(Bucket bucket);

    /** The caller of a request. */
    record Requester(Caller caller) implements Actor {
        public Requester {
            Objects.requireNonNull(caller);
        }

        @Override
        public Owner owner(Bucket bucket) {
            return caller.account();
        }
    }

    /**
     * A job of the service.
     *
     * @param name as in logs and metrics
     */
    record ServiceJob(String name) implements Actor {
        public ServiceJob {
            Objects.requireNonNull(name);
        }

        @Override
        public Owner owner(Bucket bucket) {
            return bucket.owner();
        }
    }
}
