package io.pataka.service.operation.form;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.NewObjectAccess;
import io.pataka.service.access.WritePermit;
import io.pataka.service.content.PendingContent;
import io.pataka.service.metadata.ObjectIndex.Publication.Published;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.objects.ObjectWriter;
import io.pataka.service.objects.Target;
import io.pataka.service.operation.BodyIntake;
import io.pataka.service.operation.LifecycleHeaders;
import io.pataka.service.operation.LockedBucket;
import io.pataka.service.operation.ObjectEncryption;
import io.pataka.service.operation.ObjectLocation;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.Refusals;
import io.pataka.service.protocol.ObjectDescription;
import io.pataka.service.protocol.ObjectHeaders;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;
import java.util.Set;

/**
 * Stores the file of a browser's form, whose fields have become key and headers on the way in.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html">AWS: POST Object</a>
 */
final class PostObject implements Operation {

    private final BodyIntake intake;
    private final ObjectWriter writer;
    private final ObjectEncryption encryption;
    private final LifecycleHeaders lifecycle;
    private final Set<String> storageClasses;

    PostObject(
            BodyIntake intake,
            ObjectWriter writer,
            ObjectEncryption encryption,
            LifecycleHeaders lifecycle,
            Set<String> storageClasses) {
        this.encryption = encryption;
        this.lifecycle = lifecycle;
        this.intake = intake;
        this.writer = writer;
        this.storageClasses = storageClasses;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        NewObjectAccess access = call.newObject();
        ObjectFacts asked = ObjectHeaders.read(call.headers(), storageClasses)
                .withAcl(access.acl())
                .withLock(LockedBucket.lockOfNew(call));
        call.requireTagging(asked.tags());
        ObjectFacts facts = asked.withForm(encryption.ofNew(call));
        WritePermit permit = call.permit();
        BodyIntake.Announcement announcement = BodyIntake.Announcement.ofObject(call.headers());
        try (PendingContent content = intake.receive(call, announcement, facts.placement())) {
            Target target = new Target(call.bucket(), call.key(), access.owner(), permit, Kind.POST);
            ObjectFacts renewed = facts.withForm(encryption.renewed(facts.form()));
            return writer.put(target, content, renewed, WriteCondition.NONE)
                    .fold(published -> answer(call, content, published, facts), refusal -> {
                        throw Refusals.error(refusal, call, WriteCondition.NONE);
                    });
        }
    }

    private S3Response answer(AdmittedCall call, PendingContent content, Published published, ObjectFacts facts) {
        ETag etag = content.etag();
        S3Response response = SuccessAction.of(call.headers())
                .answer(call.bucketName(), call.key(), etag, ObjectLocation.of(call))
                .objectSize(content.size())
                .header("ETag", etag.quoted());
        if (!published.id().isNull()) {
            response = response.header("x-amz-version-id", published.id().text());
        }
        return response.headers(ObjectDescription.checksumHeaders(content.checksums()))
                .headers(ObjectEncryption.headersOfWrite(facts.form(), call.headers()))
                .headers(lifecycle.ofObject(
                        call.bucket(), call.key(), content.size(), facts.tags(), published.lastModified()));
    }
}
