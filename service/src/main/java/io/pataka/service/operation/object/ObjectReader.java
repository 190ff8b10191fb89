package io.pataka.service.operation.object;

import io.pataka.service.access.Access;
import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.StoredPart;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.Content;
import io.pataka.service.model.ObjectLock;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.operation.LifecycleHeaders;
import io.pataka.service.operation.ObjectEncryption;
import io.pataka.service.operation.ObjectLookup;
import io.pataka.service.operation.PartNumberParameter;
import io.pataka.service.operation.ReadableContent;
import io.pataka.service.protocol.ByteRange;
import io.pataka.service.protocol.ByteRange.Span;
import io.pataka.service.protocol.Conditions;
import io.pataka.service.protocol.Conditions.Verdict;
import io.pataka.service.protocol.LockHeaders;
import io.pataka.service.protocol.ObjectDescription;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Response;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** What GET and HEAD share: they find the version, judge conditions, choose the bytes, and describe the version in headers. */
final class ObjectReader {

    private final ObjectLookup lookup;
    private final ObjectIndex index;
    private final ReadableContent readable;
    private final ObjectEncryption encryption;
    private final LifecycleHeaders lifecycle;

    ObjectReader(
            ObjectLookup lookup,
            ObjectIndex index,
            ReadableContent readable,
            ObjectEncryption encryption,
            LifecycleHeaders lifecycle) {
        this.encryption = encryption;
        this.lifecycle = lifecycle;
        this.readable = readable;
        this.lookup = lookup;
        this.index = index;
    }

    /**
     * An answer that lacks nothing but the bytes.
     *
     * @param span the bytes wanted; empty when none is to be sent, because the reader has them
     * @param response status and headers
     */
    record Answer(ObjectVersion version, Optional<Span> span, S3Response response) {}

    /**
     * @throws S3Exception NoSuchKey and its like, PreconditionFailed, InvalidRange, InvalidPart or InvalidRequest
     */
    Answer read(AdmittedCall call) {
        if (call.headers().has("range") && PartNumberParameter.isIn(call.parameters())) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST, "Cannot specify both Range header and partNumber query parameter");
        }
        OptionalInt partNumber = PartNumberParameter.of(call.parameters());
        Optional<ByteRange> range = ByteRange.parse(call.headers().first("range"));
        ObjectVersion found = lookup.find(call);
        partNumber.ifPresent(number -> requirePart(found, number));
        ObjectVersion version = encryption.requireReadable(call, found);
        readable.require(version);
        boolean showsVersions = ObjectLookup.showsVersions(call);
        if (Conditions.of(call.headers(), call.now()).judge(version.etag(), version.lastModified())
                == Verdict.NOT_MODIFIED) {
            ObjectDescription description = ObjectDescription.notModified(version, showsVersions);
            return new Answer(
                    version,
                    Optional.empty(),
                    S3Response.status(304, description.headers()).objectSize(version.size()));
        }
        ObjectDescription description = ObjectDescription.of(version, showsVersions)
                .with(ObjectEncryption.headersOfRead(version.facts().form(), call.headers()))
                .with(LockHeaders.of(readableLock(call, version)))
                .with(expiration(call, version))
                .withOverrides(
                        call.parameters(),
                        !call.caller().isAnonymous(),
                        call.request().isSignedByVersion2());
        if (partNumber.isPresent()) {
            return part(call, version, partNumber.getAsInt(), description);
        }
        if (range.isPresent() && Conditions.allowRange(call.headers(), version.etag(), version.lastModified())) {
            Span span = range.get().within(version.size());
            if (span.length() == version.size()) {
                description.withChecksums(version.facts().checksums(), call.headers());
            }
            return partial(version, span, description);
        }
        description.withChecksums(version.facts().checksums(), call.headers());
        return new Answer(
                version,
                Optional.of(Span.whole(version.size())),
                S3Response.status(200, description.headers()).objectSize(version.size()));
    }

    /** Only of the current version, so not where the request names a version: finding out which it is would cost a statement. */
    private Map<String, String> expiration(AdmittedCall call, ObjectVersion version) {
        return call.request().versionId().isPresent()
                ? Map.of()
                : lifecycle.ofObject(
                        call.bucket(),
                        version.key(),
                        version.size(),
                        version.facts().tags(),
                        version.lastModified());
    }

    /** As much of the lock as the caller may read. */
    private static ObjectLock readableLock(AdmittedCall call, ObjectVersion version) {
        ObjectLock lock = version.facts().lock();
        if (lock.equals(ObjectLock.NONE)) {
            return lock;
        }
        return new ObjectLock(
                lock.retention().filter(any -> call.may(reading(S3Operation.GET_OBJECT_RETENTION, call, version))),
                lock.hold().filter(any -> call.may(reading(S3Operation.GET_OBJECT_LEGAL_HOLD, call, version))));
    }

    private static Access reading(S3Operation operation, AdmittedCall call, ObjectVersion version) {
        return Access.to(operation.access(), call.bucket())
                .object(version)
                .version(call.request().versionId());
    }

    /** Before the customer's key is looked at, as ceph/s3-tests want. */
    private static void requirePart(ObjectVersion version, int number) {
        int count = version.content() instanceof Content.Parts parts ? parts.count() : 1;
        if (number > count) {
            throw new S3Exception(S3Error.INVALID_PART);
        }
    }

    private Answer part(AdmittedCall call, ObjectVersion version, int number, ObjectDescription description) {
        if (version.content() instanceof Content.Parts parts) {
            // The number counts the parts that the object has, not those that were uploaded: Amazon numbers parts 2 and
            // 5 as 1 and 2.
            StoredPart part = index.partsAfter(version.bucketId(), parts, number - 1, 1).stream()
                    .findFirst()
                    .orElseThrow(() -> new S3Exception(S3Error.INVALID_PART));
            description
                    .with("x-amz-mp-parts-count", Integer.toString(parts.count()))
                    .withChecksums(checksums(part, version), call.headers());
            return partial(version, new Span(part.offset(), part.size()), description);
        }
        description.withChecksums(version.facts().checksums(), call.headers());
        return partial(version, Span.whole(version.size()), description);
    }

    /**
     * The checksums of the part, with the type of the object's checksum, as Amazon has it. A part that is the whole object has the
     * checksum of the object.
     */
    private static List<Checksum> checksums(StoredPart part, ObjectVersion version) {
        if (part.checksums().isEmpty() && part.size() == version.size()) {
            return version.facts().checksums().stream()
                    .filter(checksum -> checksum.type() == Checksum.Type.FULL_OBJECT)
                    .toList();
        }
        return part.checksums().stream()
                .map(checksum -> version.facts().checksums().stream()
                        .findFirst()
                        .map(whole -> new Checksum(checksum.algorithm(), whole.type(), checksum.value()))
                        .orElse(checksum))
                .toList();
    }

    private static Answer partial(ObjectVersion version, Span span, ObjectDescription description) {
        if (span.length() > 0) {
            description.with("Content-Range", span.contentRange(version.size()));
        }
        int status = span.length() > 0 ? 206 : 200;
        return new Answer(
                version,
                Optional.of(span),
                S3Response.status(status, description.headers()).objectSize(version.size()));
    }
}
