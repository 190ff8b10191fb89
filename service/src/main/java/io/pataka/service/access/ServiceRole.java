package io.pataka.service.access;

import io.pataka.service.model.Actor;
import io.pataka.service.model.Bucket;
import java.util.Optional;

/** What a job of the service, or a command of an operator, acts as. No policy and no ACL binds it; the rules of the bucket that it carries out do. */
public final class ServiceRole {

    private final Actor actor;

    /**
     * @param job its name
     */
    public ServiceRole(String job) {
        this.actor = new Actor.ServiceJob(job);
    }

    /** For documents of accounts, which belong to no bucket. */
    public WritePermit permitOutsideBuckets() {
        return new WritePermit(Optional.empty(), actor, Optional.empty(), Optional.empty());
    }

    public WritePermit permit(Bucket bucket) {
        return new WritePermit(Optional.of(bucket), actor, Optional.empty(), Optional.empty());
    }
}
