package io.pataka.service.operation.copy;

import io.pataka.service.access.Access;
import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.NewObjectAccess;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.VersionId;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.objects.ObjectCopier;
import io.pataka.service.objects.ObjectCopier.Copy.Copied;
import io.pataka.service.objects.Target;
import io.pataka.service.operation.CopySources;
import io.pataka.service.operation.CopySources.Source;
import io.pataka.service.operation.LifecycleHeaders;
import io.pataka.service.operation.LockedBucket;
import io.pataka.service.operation.ObjectEncryption;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.ReadableContent;
import io.pataka.service.operation.Refusals;
import io.pataka.service.protocol.CopySource;
import io.pataka.service.protocol.ObjectHeaders;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.S3Time;
import io.pataka.service.protocol.WriteConditions;
import io.pataka.service.protocol.xml.XmlWriter;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * CopyObject.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html">AWS</a>
 */
final class CopyObject implements Operation {

    /** Bytes; what is larger is copied in parts. */
    private static final long MAX_SIZE = 5L << 30;

    /** Headers with which an object may be copied onto itself; new tags or another ACL are not enough. */
    private static final List<String> CHANGES = List.of(
            "x-amz-storage-class",
            "x-amz-website-redirect-location",
            "x-amz-server-side-encryption",
            "x-amz-server-side-encryption-customer-algorithm");

    private final CopySources sources;
    private final ObjectCopier copier;
    private final ReadableContent readable;
    private final ObjectEncryption encryption;
    private final LifecycleHeaders lifecycle;
    private final Set<String> storageClasses;

    CopyObject(
            CopySources sources,
            ObjectCopier copier,
            ReadableContent readable,
            ObjectEncryption encryption,
            LifecycleHeaders lifecycle,
            Set<String> storageClasses) {
        this.lifecycle = lifecycle;
        this.sources = sources;
        this.copier = copier;
        this.readable = readable;
        this.encryption = encryption;
        this.storageClasses = storageClasses;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        RequestHeaders headers = call.headers();
        NewObjectAccess access = call.newObject();
        CopySource wanted = CopySource.of(headers);
        CopyDirectives directives = CopyDirectives.of(headers);
        ObjectFacts said = ObjectHeaders.read(headers, storageClasses).withLock(LockedBucket.lockOfNew(call));
        Optional<ChecksumAlgorithm> algorithm = algorithm(headers);
        refuseRange(headers);
        if (directives.replaceTags()) {
            call.requireTagging(said.tags());
        }
        Source source = sources.find(call, wanted);
        if (!directives.replaceTags()) {
            requireMayCopyTags(call, source, wanted);
        }
        if (source.version().size() > MAX_SIZE) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The specified copy source is larger than the maximum allowable size for a copy source: "
                            + MAX_SIZE);
        }
        boolean ontoItself = wanted.versionId().isEmpty()
                && source.bucket().id() == call.bucket().id()
                && wanted.key().equals(call.key());
        if (ontoItself && !mayCopyOntoItself(headers, directives)) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "This copy request is illegal because it is trying to copy an object to itself without changing the"
                            + " object's metadata, storage class, website redirect location or encryption attributes.");
        }
        ObjectFacts facts = facts(source.version().facts(), said, directives)
                .withAcl(access.acl())
                .withForm(encryption.ofCopy(call, source.version()));
        WriteCondition condition = WriteConditions.of(headers);
        Target target = new Target(call.bucket(), call.key(), access.owner(), call.permit(), Kind.COPY);
        return readable.read(source.version(), () -> copier.copy(target, source.version(), facts, algorithm, condition))
                .fold(copied -> answer(call, source, facts, copied), refusal -> {
                    throw Refusals.error(refusal, call, condition);
                });
    }

    /** Else a caller who may only read the object would learn its tags, and one who may only write would set tags. */
    private static void requireMayCopyTags(AdmittedCall call, Source source, CopySource wanted) {
        Map<String, String> tags = source.version().facts().tags();
        if (!tags.isEmpty()) {
            call.require(Access.to(S3Operation.GET_OBJECT_TAGGING.access(), source.bucket())
                    .object(source.version())
                    .version(wanted.versionId()));
            call.requireTagging(tags);
        }
    }

    /** The lock of the source is not copied, as with Amazon. */
    private static ObjectFacts facts(ObjectFacts source, ObjectFacts said, CopyDirectives directives) {
        ObjectFacts described = directives.replaceMetadata() ? said : source;
        return said.toBuilder()
                .contentType(described.contentType())
                .systemHeaders(described.systemHeaders())
                .userMetadata(described.userMetadata())
                .checksums(source.checksums())
                .tags(directives.replaceTags() ? said.tags() : source.tags())
                .acl(Optional.empty())
                .appendable(false)
                .build();
    }

    /**
     * Amazon looks at the headers that are there, and not at what they change: the storage class that the object has may be
     * named, and an object of another class is not copied onto itself without a header.
     */
    private static boolean mayCopyOntoItself(RequestHeaders headers, CopyDirectives directives) {
        return directives.replaceMetadata() || CHANGES.stream().anyMatch(headers::has);
    }

    private static Optional<ChecksumAlgorithm> algorithm(RequestHeaders headers) {
        return headers.first("x-amz-checksum-algorithm")
                .filter(name -> !name.isEmpty())
                .map(name -> ChecksumAlgorithm.named(name)
                        .orElseThrow(() -> new S3Exception(
                                S3Error.INVALID_REQUEST,
                                "Checksum algorithm provided is unsupported. Please try again with any of the valid types: "
                                        + Arrays.toString(ChecksumAlgorithm.values()))));
    }

    /** A range would be passed over, and the copy be larger than its writer thinks. */
    private static void refuseRange(RequestHeaders headers) {
        if (headers.has("x-amz-copy-source-range")) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST, "The header x-amz-copy-source-range is not valid for this operation.");
        }
        headers.first("range").ifPresent(range -> {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "RANGE is not supported in Copy!").argument("Range", range);
        });
    }

    private S3Response answer(AdmittedCall call, Source source, ObjectFacts facts, Copied copied) {
        XmlWriter document = XmlWriter.document("CopyObjectResult")
                .leaf("LastModified", S3Time.xml(copied.published().lastModified()))
                .leaf("ETag", copied.etag().quoted());
        for (Checksum checksum : copied.checksums()) {
            document.leaf(checksum.algorithm().element(), checksum.value())
                    .leaf("ChecksumType", checksum.type().name());
        }
        S3Response response = S3Response.xml(document.toBytes())
                .objectSize(source.version().size())
                .header("x-amz-copy-source-version-id", source.versionId())
                .headers(ObjectEncryption.headersOfWrite(facts.form(), call.headers()))
                .headers(lifecycle.ofObject(
                        call.bucket(),
                        call.key(),
                        source.version().size(),
                        facts.tags(),
                        copied.published().lastModified()));
        // Unlike that of PutObject, the response has the id of a null version where versioning is suspended.
        VersionId version = copied.published().id();
        return version.isNull() && call.bucket().versioning() == Bucket.Versioning.OFF
                ? response
                : response.header("x-amz-version-id", version.text());
    }
}
