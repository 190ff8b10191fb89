package io.pataka.service.operation.object;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.WritePermit;
import io.pataka.service.content.PendingContent;
import io.pataka.service.content.checksum.CrcCombination;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.AppendedPart;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.ObjectIndex.Publication;
import io.pataka.service.metadata.Refusal;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.Content;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Owner;
import io.pataka.service.model.Placement;
import io.pataka.service.model.UploadId;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.objects.BucketRetry;
import io.pataka.service.objects.ContentHandover;
import io.pataka.service.operation.BodyIntake;
import io.pataka.service.operation.ObjectEncryption;
import io.pataka.service.operation.ReadableContent;
import io.pataka.service.operation.Refusals;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.io.IOException;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Adds a body to the end of an object: it becomes a part of its own, and no byte that was there is read. The entity tag of the
 * whole is the MD5 of that of the object and that of the part, a dash, and the number of parts, as Ceph Gateway has it.
 */
final class Appends {

    private final ObjectIndex index;
    private final BodyIntake intake;
    private final BucketRetry retry;
    private final ReadableContent readable;
    private final ObjectEncryption encryption;
    private final Set<String> storageClasses;

    /**
     * @param storageClasses those beside {@code STANDARD} that clients may write to
     */
    Appends(
            ObjectIndex index,
            BodyIntake intake,
            BucketRetry retry,
            ReadableContent readable,
            ObjectEncryption encryption,
            Set<String> storageClasses) {
        this.encryption = encryption;
        this.storageClasses = storageClasses;
        this.readable = readable;
        this.index = index;
        this.intake = intake;
        this.retry = retry;
    }

    /**
     * What an append became.
     *
     * @param whole the object with what was added
     * @param part the checksums of what was added
     */
    record Appended(NewVersion whole, List<Checksum> part) {}

    /**
     * @param owner of an object that is begun
     * @param facts of an object that is begun, but for its form; what there is keeps owner, facts and form
     * @param judge refuses, by the object that there is, or goes on; asked again when another write came between
     * @throws S3Exception what {@code judge} refuses, InvalidBucketState where versions are kept, InvalidObjectState in a storage class
     *     that clients do not write to, TooManyParts, or what {@link Refusals#error} says
     */
    Appended append(AdmittedCall call, Owner owner, ObjectFacts facts, WriteCondition condition, Judge judge)
            throws IOException {
        UnversionedBucket.require(call.bucket());
        WritePermit permit = call.permit();
        BodyIntake.Announcement announcement = intake.announced(call);
        Optional<ObjectVersion> seen = object(call);
        judge.judge(seen);
        seen.ifPresent(this::requireWritableClass);
        seen.ifPresent(readable::require);
        ObjectFacts known = seen.isPresent()
                ? encryption.openToAppend(call, seen.get()).facts()
                : facts.withForm(encryption.ofNew(call));
        Placement placement = known.placement();
        try (PendingContent content = intake.receive(call, announcement, placement, compute(announcement, seen))) {
            Optional<ObjectVersion> base = object(call);
            judge.judge(base);
            if (!placement(base).equals(placement(seen))) {
                // The body is stored as what was there before. All blobs of an object have one storage class and one
                // form.
                throw Refusals.error(Refusal.CONFLICT, call, condition);
            }
            NewVersion whole = whole(call, base, owner, known, content);
            Publication outcome = write(call, base, whole, content, condition, permit);
            if (outcome.refusal().isPresent()) {
                if (outcome.refusal().get() == Refusal.CONFLICT) {
                    judge.judge(object(call));
                }
                throw Refusals.error(outcome.refusal().get(), call, condition);
            }
            List<Checksum> sent = content.checksums().stream()
                    .filter(checksum -> announcement.checksums().algorithms().contains(checksum.algorithm()))
                    .toList();
            return new Appended(whole, sent);
        }
    }

    private static Optional<Placement> placement(Optional<ObjectVersion> object) {
        return object.map(version -> version.facts().placement());
    }

    /** All blobs of an object are in one storage class, and this one may be of volumes that clients do not write to. */
    private void requireWritableClass(ObjectVersion object) {
        String storageClass = object.facts().storageClass();
        if (!storageClass.equals(ObjectFacts.STANDARD) && !storageClasses.contains(storageClass)) {
            throw new S3Exception(S3Error.INVALID_OBJECT_STATE).with("StorageClass", storageClass);
        }
    }

    /** The announced body, with the algorithms that continue the checksum of the object. */
    private static Set<ChecksumAlgorithm> compute(
            BodyIntake.Announcement announcement, Optional<ObjectVersion> object) {
        Set<ChecksumAlgorithm> compute = EnumSet.copyOf(announcement.checksums().algorithms());
        object.stream()
                .flatMap(version -> version.facts().checksums().stream())
                .map(Checksum::algorithm)
                .filter(ChecksumAlgorithm::isLinear)
                .forEach(compute::add);
        return compute;
    }

    /** Says whether an append may go on. */
    @FunctionalInterface
    interface Judge {

        /**
         * @param object the current object, if there is one
         * @throws S3Exception when it may not
         */
        void judge(Optional<ObjectVersion> object);
    }

    private Optional<ObjectVersion> object(AdmittedCall call) {
        return index.current(call.bucket(), call.key());
    }

    private static NewVersion whole(
            AdmittedCall call, Optional<ObjectVersion> base, Owner owner, ObjectFacts facts, PendingContent content) {
        if (base.isEmpty()) {
            return new NewVersion(
                    call.key(),
                    content.size(),
                    content.etag(),
                    owner,
                    new Content.Parts(UploadId.random(), 1),
                    facts.withChecksums(content.checksums()));
        }
        ObjectVersion object = base.get();
        Content.Parts parts = longer(object.content());
        return new NewVersion(
                call.key(),
                object.size() + content.size(),
                object.etag().appended(content.etag(), parts.count()),
                object.owner(),
                parts,
                object.facts().withChecksums(checksums(object.facts().checksums(), content)));
    }

    private static Content.Parts longer(Content content) {
        if (content instanceof Content.Parts parts) {
            if (parts.count() >= Content.Parts.MAX_COUNT) {
                throw new S3Exception(S3Error.TOO_MANY_PARTS);
            }
            return new Content.Parts(parts.upload(), parts.count() + 1);
        }
        return new Content.Parts(UploadId.random(), 2);
    }

    /** Keeps a checksum that can be combined with that of the added bytes, and drops any other. */
    private static List<Checksum> checksums(List<Checksum> before, PendingContent content) {
        return before.stream()
                .filter(checksum -> checksum.type() == Checksum.Type.FULL_OBJECT)
                .filter(checksum -> checksum.algorithm().isLinear())
                .flatMap(checksum -> content.checksums().stream()
                        .filter(added -> added.algorithm() == checksum.algorithm())
                        .map(added -> combined(checksum, added, content.size())))
                .toList();
    }

    private static Checksum combined(Checksum before, Checksum added, long length) {
        Function<Checksum, byte[]> bytes = checksum -> Base64.getDecoder().decode(checksum.value());
        byte[] value = CrcCombination.of(before.algorithm())
                .append(bytes.apply(before), 0)
                .append(bytes.apply(added), length)
                .value();
        return new Checksum(
                before.algorithm(), before.type(), Base64.getEncoder().encodeToString(value));
    }

    private Publication write(
            AdmittedCall call,
            Optional<ObjectVersion> base,
            NewVersion whole,
            PendingContent content,
            WriteCondition condition,
            WritePermit permit) {
        AppendedPart part = new AppendedPart(content.blob(), content.size(), content.etag(), content.checksums());
        return ContentHandover.write(
                content,
                () -> retry.withBucket(
                        call.bucket(),
                        bucket -> index.append(
                                UnversionedBucket.require(bucket),
                                base,
                                whole,
                                part,
                                condition,
                                permit.change(bucket, Kind.APPEND)),
                        Publication.Refused::new));
    }
}
