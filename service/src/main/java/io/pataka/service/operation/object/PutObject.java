package io.pataka.service.operation.object;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.NewObjectAccess;
import io.pataka.service.access.WritePermit;
import io.pataka.service.content.PendingContent;
import io.pataka.service.metadata.ObjectIndex.Publication.Published;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectLock;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Owner;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.objects.ObjectWriter;
import io.pataka.service.objects.Target;
import io.pataka.service.operation.BodyIntake;
import io.pataka.service.operation.LifecycleHeaders;
import io.pataka.service.operation.LockedBucket;
import io.pataka.service.operation.ObjectEncryption;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.Refusals;
import io.pataka.service.protocol.ObjectDescription;
import io.pataka.service.protocol.ObjectHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.WholeNumber;
import io.pataka.service.protocol.WriteConditions;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Stores an object. The body is durable before the version is published, and the version is published before the answer.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html">AWS: PutObject</a>
 */
final class PutObject implements Operation {

    private static final String OFFSET = "x-amz-write-offset-bytes";

    private final BodyIntake intake;
    private final ObjectWriter writer;
    private final Appends appends;
    private final ObjectEncryption encryption;
    private final LifecycleHeaders lifecycle;
    private final Set<String> storageClasses;

    PutObject(
            BodyIntake intake,
            ObjectWriter writer,
            Appends appends,
            ObjectEncryption encryption,
            LifecycleHeaders lifecycle,
            Set<String> storageClasses) {
        this.intake = intake;
        this.lifecycle = lifecycle;
        this.encryption = encryption;
        this.writer = writer;
        this.appends = appends;
        this.storageClasses = storageClasses;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        NewObjectAccess access = call.newObject();
        WriteCondition condition = WriteConditions.of(call.headers());
        ObjectFacts asked = ObjectHeaders.read(call.headers(), storageClasses)
                .withAcl(access.acl())
                .withLock(LockedBucket.lockOfNew(call));
        call.requireTagging(asked.tags());
        WritePermit permit = call.permit();
        Optional<String> offset = call.headers().first(OFFSET);
        if (offset.isPresent()) {
            return append(call, access.owner(), asked, condition, offset.get());
        }
        ObjectFacts facts = asked.withForm(encryption.ofNew(call));
        BodyIntake.Announcement announcement = intake.announced(call);
        requireDigest(facts.lock(), announcement);
        try (PendingContent content = intake.receive(call, announcement, facts.placement())) {
            Target target = new Target(call.bucket(), call.key(), access.owner(), permit, Kind.PUT);
            ObjectFacts renewed = facts.withForm(encryption.renewed(facts.form()));
            return writer.put(target, content, renewed, condition)
                    .fold(published -> answer(content, published, facts, call), refusal -> {
                        throw Refusals.error(refusal, call, condition);
                    });
        }
    }

    /** Amazon wants it also where the default of the bucket locks the object; ceph/s3-tests do not send it there. */
    private static void requireDigest(ObjectLock lock, BodyIntake.Announcement announcement) {
        if (!lock.equals(ObjectLock.NONE)
                && announcement.md5().isEmpty()
                && announcement.checksums().algorithm().isEmpty()) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "Content-MD5 OR x-amz-checksum- HTTP header is required for Put Object requests with Object Lock"
                            + " parameters");
        }
    }

    /**
     * The response has no id of a null version, as those of PostObject, CompleteMultipartUpload and appends: where versioning is
     * suspended Amazon's PutObject sends no version id, though its CopyObject, DeleteObject and GetObject send {@code null}, and
     * ceph/s3-tests ask the same of uploads.
     */
    private S3Response answer(PendingContent content, Published published, ObjectFacts facts, AdmittedCall call) {
        S3Response response = S3Response.ok()
                .objectSize(content.size())
                .header("ETag", content.etag().quoted());
        if (!published.id().isNull()) {
            response = response.header("x-amz-version-id", published.id().text());
        }
        return response.headers(ObjectDescription.checksumHeaders(content.checksums()))
                .headers(ObjectEncryption.headersOfWrite(facts.form(), call.headers()))
                .headers(lifecycle.ofObject(
                        call.bucket(), call.key(), content.size(), facts.tags(), published.lastModified()));
    }

    /** Amazon's append, which it has for directory buckets: to any object, at its end. */
    private S3Response append(
            AdmittedCall call, Owner owner, ObjectFacts facts, WriteCondition condition, String offset)
            throws IOException {
        long position = offset(offset);
        if (call.request().body().length().orElse(1) == 0) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST, "Request body cannot be empty when 'write offset' is specified.");
        }
        Appends.Appended appended = appends.append(call, owner, facts, condition, object -> {
            if (position != object.map(ObjectVersion::size).orElse(0L)) {
                throw new S3Exception(S3Error.INVALID_WRITE_OFFSET);
            }
            if (object.isPresent() && !facts.userMetadata().isEmpty()) {
                throw new S3Exception(
                        S3Error.INVALID_REQUEST,
                        "Cannot specify both a write offset value and user-defined object metadata for existing"
                                + " objects.");
            }
        });
        S3Response response = S3Response.ok()
                .objectSize(appended.whole().size())
                .header("ETag", appended.whole().etag().quoted())
                .header("x-amz-object-size", Long.toString(appended.whole().size()));
        ObjectFacts whole = appended.whole().facts();
        return response.headers(ObjectDescription.checksumHeaders(whole.checksums()))
                .headers(ObjectEncryption.headersOfWrite(whole.form(), call.headers()));
    }

    private static long offset(String text) {
        OptionalLong offset = WholeNumber.ofLong(text);
        if (offset.isEmpty() || offset.getAsLong() < 0) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "The write offset must be a number that is not negative")
                    .argument(OFFSET, text);
        }
        return offset.getAsLong();
    }
}
