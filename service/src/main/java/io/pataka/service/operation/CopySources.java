package io.pataka.service.operation;

import io.pataka.service.access.Access;
import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.protocol.Conditions;
import io.pataka.service.protocol.CopySource;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import java.util.Objects;
import java.util.Optional;

/** Finds the object that a copy reads, with its data key, if the caller may read it and the copy's conditions hold. */
public final class CopySources {

    private final ObjectIndex index;
    private final ReadableContent readable;
    private final ObjectEncryption encryption;

    public CopySources(ObjectIndex index, ReadableContent readable, ObjectEncryption encryption) {
        this.readable = Objects.requireNonNull(readable);
        this.encryption = Objects.requireNonNull(encryption);
        this.index = Objects.requireNonNull(index);
    }

    /**
     * An object to copy from, and the bucket it lies in.
     *
     * @param version with its data key
     * @param named whether the client named the version
     */
    public record Source(Bucket bucket, ObjectVersion version, boolean named) {

        /** The value of {@code x-amz-copy-source-version-id}. Amazon sends no null version to a client that named none. */
        public Optional<String> versionId() {
            boolean shown = named
                    ? bucket.versioning() != Bucket.Versioning.OFF
                    : !version.id().isNull();
            return shown ? Optional.of(version.id().text()) : Optional.empty();
        }
    }

    /**
     * @throws S3Exception NoSuchBucket, NoSuchKey, NoSuchVersion, AccessDenied; InvalidRequest when a delete marker is named;
     *     ObjectContentLost; PreconditionFailed when a condition on the source does not hold; InvalidRequest or InvalidArgument for the
     *     customer's key of the source
     */
    public Source find(AdmittedCall call, CopySource wanted) {
        Bucket bucket = call.sourceBucket(wanted.bucket());
        ObjectVersion version = version(call, bucket, wanted);
        call.require(Access.to(S3Operation.GET_OBJECT.access(), bucket)
                .object(version)
                .version(wanted.versionId()));
        readable.require(version);
        Conditions conditions = Conditions.ofCopySource(call.headers(), call.now());
        if (conditions.judge(version.etag(), version.lastModified()) == Conditions.Verdict.NOT_MODIFIED) {
            throw conditions.unmet(conditions.ifNoneMatch().isPresent() ? "If-None-Match" : "If-Modified-Since");
        }
        return new Source(
                bucket,
                encryption.openSource(call, bucket, version),
                wanted.versionId().isPresent());
    }

    private ObjectVersion version(AdmittedCall call, Bucket bucket, CopySource wanted) {
        if (wanted.versionId().isEmpty()) {
            return index.current(bucket, wanted.key())
                    .filter(version -> !version.deleteMarker())
                    .orElseThrow(() -> hidden(
                            call,
                            bucket,
                            new S3Exception(S3Error.NO_SUCH_KEY)
                                    .with("Key", wanted.key().toString())));
        }
        VersionSelector selector = VersionSelector.named(wanted.versionId().get())
                .orElseThrow(() -> new S3Exception(S3Error.INVALID_ARGUMENT, "Invalid version id specified")
                        .argument("versionId", wanted.versionId().get()));
        ObjectVersion version = index.version(bucket, wanted.key(), selector)
                .orElseThrow(() -> hidden(
                        call,
                        bucket,
                        new S3Exception(S3Error.NO_SUCH_VERSION)
                                .with("Key", wanted.key().toString())
                                .with("VersionId", wanted.versionId().get())));
        if (version.deleteMarker()) {
            throw hidden(
                    call,
                    bucket,
                    new S3Exception(
                            S3Error.INVALID_REQUEST,
                            "The source of a copy request may not specifically refer to a delete marker by version id."));
        }
        return version;
    }

    /** A caller who may not list must not learn which keys there are. */
    private static S3Exception hidden(AdmittedCall call, Bucket bucket, S3Exception refusal) {
        return call.mayList(bucket)
                ? refusal
                : new S3Exception(S3Error.ACCESS_DENIED)
                        .because("the source is not there, and the caller may not list");
    }
}
