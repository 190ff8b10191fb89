package io.pataka.service.operation;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.content.PendingContent;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.ObjectIndex.Publication;
import io.pataka.service.metadata.ObjectIndex.Publication.Published;
import io.pataka.service.model.Content;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.Owner;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.objects.ContentHandover;
import java.util.function.Function;

/** Makes durable content the current version of a key. */
public final class Publisher {

    private final ObjectIndex index;
    private final BucketRetry retry;

    public Publisher(ObjectIndex index, BucketRetry retry) {
        this.index = index;
        this.retry = retry;
    }

    /**
     * @param content of the new version, whole; the caller closes it
     * @param facts of the new version, but for the checksums, which are the content's
     * @throws io.pataka.service.protocol.S3Exception as {@link Refusals#error}, and as {@link BucketRetry#lookUpAgain}
     */
    public Published publish(
            AdmittedCall call, PendingContent content, Owner owner, ObjectFacts facts, WriteCondition condition) {
        NewVersion version = new NewVersion(
                call.key(),
                content.size(),
                content.etag(),
                owner,
                new Content.Whole(content.blob()),
                facts.withChecksums(content.checksums()));
        return required(ContentHandover.write(content, () -> write(call, version, condition)), call, condition);
    }

    /**
     * Publishes a version that shares the content of another.
     *
     * @throws io.pataka.service.protocol.S3Exception as {@link #publish(AdmittedCall, PendingContent, Owner, ObjectFacts,
     *     WriteCondition)}
     */
    public Published publish(AdmittedCall call, NewVersion version, WriteCondition condition) {
        return required(write(call, version, condition), call, condition);
    }

    private Publication write(AdmittedCall call, NewVersion version, WriteCondition condition) {
        return retry.withBucket(call.bucket(), bucket -> index.publish(bucket, version, condition));
    }

    private static Published required(Publication outcome, AdmittedCall call, WriteCondition condition) {
        return outcome.fold(Function.identity(), refusal -> {
            throw Refusals.error(refusal, call, condition);
        });
    }
}
