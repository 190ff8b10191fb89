package io.pataka.service.objects;

import io.pataka.service.content.PendingContent;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.ObjectIndex.Publication;
import io.pataka.service.model.Content;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.WriteCondition;
import java.util.Objects;

/** Makes durable content the current version of a key. */
public final class ObjectWriter {

    private final ObjectIndex index;
    private final BucketRetry retry;

    public ObjectWriter(ObjectIndex index, BucketRetry retry) {
        this.index = Objects.requireNonNull(index);
        this.retry = Objects.requireNonNull(retry);
    }

    /**
     * @param content of the new version, whole; the caller closes it, which deletes it unless a row may name it
     * @param facts of the new version; its checksums are replaced by those of the content
     */
    public Publication put(Target target, PendingContent content, ObjectFacts facts, WriteCondition condition) {
        NewVersion version = new NewVersion(
                target.key(),
                content.size(),
                content.etag(),
                target.owner(),
                new Content.Whole(content.blob()),
                facts.withChecksums(content.checksums()));
        return ContentHandover.write(content, () -> publish(target, version, condition));
    }

    /** Publishes a version whose content is not pending. */
    Publication publish(Target target, NewVersion version, WriteCondition condition) {
        return retry.withBucket(
                target.bucket(),
                bucket -> index.publish(bucket, version, condition, target.change(bucket)),
                Publication.Refused::new);
    }
}
