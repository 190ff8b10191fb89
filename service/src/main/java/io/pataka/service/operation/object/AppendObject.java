package io.pataka.service.operation.object;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.NewObjectAccess;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.operation.ObjectEncryption;
import io.pataka.service.operation.Operation;
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
 * Ceph's append: at position 0 it begins an object that may be appended to, at the length of such an object it appends.
 *
 * @see <a href="https://docs.ceph.com/en/latest/radosgw/s3/objectops/#append-object">Ceph: append object</a>
 */
final class AppendObject implements Operation {

    private final Appends appends;
    private final Set<String> storageClasses;

    AppendObject(Appends appends, Set<String> storageClasses) {
        this.appends = appends;
        this.storageClasses = storageClasses;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        NewObjectAccess access = call.newObject();
        long position = position(call);
        ObjectFacts facts = ObjectHeaders.read(call.headers(), storageClasses)
                .withAcl(access.acl())
                .withAppendable(true);
        call.requireTagging(facts.tags());
        Appends.Appended appended = appends.append(
                call,
                access.owner(),
                facts,
                WriteConditions.of(call.headers()),
                object -> requireEndAt(position, object));
        S3Response response = S3Response.ok()
                .objectSize(appended.whole().size())
                .header("ETag", appended.whole().etag().quoted())
                .header(
                        "x-rgw-next-append-position",
                        Long.toString(appended.whole().size()));
        return response.headers(ObjectDescription.checksumHeaders(appended.part()))
                .headers(
                        ObjectEncryption.headersOfWrite(appended.whole().facts().form(), call.headers()));
    }

    private static long position(AdmittedCall call) {
        String text = call.parameters().first("position").orElse("");
        OptionalLong position = WholeNumber.ofLong(text);
        if (position.isEmpty() || position.getAsLong() < 0) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "The position must be a number that is not negative")
                    .argument("position", text);
        }
        return position.getAsLong();
    }

    private static void requireEndAt(long position, Optional<ObjectVersion> object) {
        if (object.filter(found -> !found.facts().appendable()).isPresent()) {
            throw new S3Exception(S3Error.OBJECT_NOT_APPENDABLE);
        }
        long length = object.map(ObjectVersion::size).orElse(0L);
        if (position != length) {
            throw new S3Exception(S3Error.POSITION_NOT_EQUAL_TO_LENGTH)
                    .header("x-rgw-next-append-position", Long.toString(length));
        }
    }
}
