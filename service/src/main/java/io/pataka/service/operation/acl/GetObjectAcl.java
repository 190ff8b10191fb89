package io.pataka.service.operation.acl;

import io.pataka.service.access.AclXml;
import io.pataka.service.access.AdmittedCall;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Owner;
import io.pataka.service.operation.ObjectLookup;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Response;
import java.util.Optional;

/**
 * Returns the ACL of an object; if ACLs do not count, the bucket owner's full control.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAcl.html">AWS: GetObjectAcl</a>
 */
final class GetObjectAcl implements Operation {

    private final ObjectLookup lookup;

    GetObjectAcl(ObjectLookup lookup) {
        this.lookup = lookup;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        ObjectVersion version = lookup.find(call);
        Owner owner = call.access().ownerOf(version, call.bucket());
        Optional<String> id =
                ObjectLookup.showsVersions(call) ? Optional.of(version.id().text()) : Optional.empty();
        return S3Response.xml(AclXml.write(call.access().effectiveAcl(version, call.bucket()), owner))
                .header("x-amz-version-id", id);
    }
}
