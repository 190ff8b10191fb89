package io.pataka.service.access;

import io.pataka.service.access.policy.BucketPolicy;
import io.pataka.service.access.policy.PolicyJudgement.Effect;
import io.pataka.service.access.policy.ServiceQuestion;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.DocumentKind;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;

/**
 * Judges which buckets may have the log of another. The policy of the target must allow it, also if both have the same owner.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/enable-server-access-logging.html">AWS: permissions for log
 *     delivery</a>
 */
public final class LogTargets {

    /** The principal of policies. */
    public static final String SERVICE = "logging.s3.amazonaws.com";

    private final BucketCatalog buckets;
    private final BucketAccessCache settings;
    private final Clock clock;

    public LogTargets(BucketCatalog buckets, Clock clock) {
        this.buckets = Objects.requireNonNull(buckets);
        this.settings = new BucketAccessCache(buckets);
        this.clock = Objects.requireNonNull(clock);
    }

    /** Why a target is none. */
    public enum Fault {
        MISSING("does not exist"),
        IS_SOURCE("must be another than the one that is logged"),
        REQUESTER_PAYS("is configured with requester pays"),
        LOGS("is configured with bucket logging"),
        ENCRYPTS("is configured with encryption"),
        RETAINS("is configured with a default retention"),
        HAS_NO_POLICY("must have policy to allow logging"),
        NOT_ALLOWED("policy does not allow logging");

        private final String saying;

        Fault(String saying) {
            this.saying = saying;
        }

        /** As Ceph Gateway says it. */
        public String message(BucketName target) {
            return "Logging bucket '" + target + "' " + saying;
        }
    }

    /**
     * What keeps a bucket from being a target, by what this node remembers; before a request is refused by a fault, {@link #faultSince} is
     * asked.
     *
     * @param prefix with which the keys of log objects begin
     */
    public Optional<Fault> fault(Bucket source, BucketName target, String prefix) {
        return buckets.find(target).map(found -> fault(source, found, prefix)).orElse(Optional.of(Fault.MISSING));
    }

    /**
     * As {@link #fault}, and a fault is one that there was at a moment or later.
     *
     * @param since as {@link System#nanoTime} gives it
     */
    public Optional<Fault> faultSince(Bucket source, BucketName target, String prefix, long since) {
        if (fault(source, target, prefix).isEmpty()) {
            return Optional.empty();
        }
        buckets.findSince(target, since).ifPresent(found -> buckets.refreshDocuments(found, since));
        return fault(source, target, prefix);
    }

    private Optional<Fault> fault(Bucket source, Bucket target, String prefix) {
        BucketAccess access = settings.of(target);
        if (access.policy().isEmpty()) {
            return Optional.of(Fault.HAS_NO_POLICY);
        }
        if (!allows(access.policy().get(), source, target, prefix)) {
            return Optional.of(Fault.NOT_ALLOWED);
        }
        if (target.id() == source.id()) {
            return Optional.of(Fault.IS_SOURCE);
        }
        if (access.requesterPays()) {
            return Optional.of(Fault.REQUESTER_PAYS);
        }
        if (buckets.document(target, DocumentKind.LOGGING).isPresent()) {
            return Optional.of(Fault.LOGS);
        }
        if (buckets.document(target, DocumentKind.ENCRYPTION).isPresent()) {
            return Optional.of(Fault.ENCRYPTS);
        }
        return target.defaultRetention().map(retention -> Fault.RETAINS);
    }

    private boolean allows(BucketPolicy policy, Bucket source, Bucket target, String prefix) {
        return policy.judge(ServiceQuestion.putObject(SERVICE, source, target, prefix, clock.instant()))
                        .effect()
                == Effect.ALLOW;
    }
}
