package io.pataka.service.operation;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.model.Bucket.Versioning;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Time;
import java.util.Optional;

/** Finds the version that a call names, or answers as S3 does when there is none. */
public final class ObjectLookup {

    private static final String DELETE_MARKER = "x-amz-delete-marker";

    private final ObjectIndex index;

    public ObjectLookup(ObjectIndex index) {
        this.index = index;
    }

    /**
     * The version named by {@code versionId}, or the current one; never a delete marker.
     *
     * @throws S3Exception AccessDenied when the ACL of the object decides, and refuses the caller; NoSuchKey or NoSuchVersion;
     *     AccessDenied to a caller who may not list, who must not learn which keys there are; MethodNotAllowed when the version named is a delete marker
     */
    public ObjectVersion find(AdmittedCall call) {
        return find(call, S3Error.NO_SUCH_KEY);
    }

    /**
     * As {@link #find}, for what is said of a version beside its content: its tags, and an ACL that is set. There Amazon answers
     * MethodNotAllowed also where the newest version is a delete marker, and not NoSuchKey.
     */
    public ObjectVersion findDescribed(AdmittedCall call) {
        return find(call, S3Error.METHOD_NOT_ALLOWED);
    }

    private ObjectVersion find(AdmittedCall call, S3Error ofCurrentMarker) {
        Optional<VersionSelector> selector = VersionParameter.of(call.request());
        Optional<ObjectVersion> found = selector.isPresent()
                ? index.version(call.bucket(), call.key(), selector.get())
                : index.current(call.bucket(), call.key());
        if (found.isEmpty()) {
            throw hidden(call, selector.isPresent() ? noSuchVersion(call) : neverWas(call));
        }
        ObjectVersion version = found.get();
        if (!version.deleteMarker()) {
            call.require(call.own().object(version));
            return version;
        }
        boolean notAllowed = selector.isPresent() || ofCurrentMarker == S3Error.METHOD_NOT_ALLOWED;
        S3Exception refusal = notAllowed
                ? new S3Exception(S3Error.METHOD_NOT_ALLOWED)
                        .with("Method", call.request().raw().method())
                        .with("ResourceType", "DeleteMarker")
                        .header("Allow", "DELETE")
                        .header("Last-Modified", S3Time.header(version.lastModified()))
                : noSuchKey(call);
        throw hidden(
                call,
                refusal.header(DELETE_MARKER, "true")
                        .header("x-amz-version-id", version.id().text()));
    }

    private static S3Exception hidden(AdmittedCall call, S3Exception refusal) {
        return call.mayList() ? refusal : new S3Exception(S3Error.ACCESS_DENIED);
    }

    /** The error of a key without a current object. */
    public static S3Exception noSuchKey(AdmittedCall call) {
        return new S3Exception(S3Error.NO_SUCH_KEY).with("Key", call.key().toString());
    }

    /** Amazon sends no header about delete markers then. The tests of Ceph Gateway want "false" in the response to HEAD, and only there. */
    private static S3Exception neverWas(AdmittedCall call) {
        boolean head = call.request().operation().route().method().equals("HEAD");
        return head ? noSuchKey(call).header(DELETE_MARKER, "false") : noSuchKey(call);
    }

    private static S3Exception noSuchVersion(AdmittedCall call) {
        return new S3Exception(S3Error.NO_SUCH_VERSION)
                .with("Key", call.key().toString())
                .with("VersionId", call.request().versionId().orElse(""));
    }

    /** Whether responses have version ids: once a bucket had versioning, its versions have ids. */
    public static boolean showsVersions(AdmittedCall call) {
        return call.bucket().versioning() != Versioning.OFF;
    }
}
