package io.pataka.service.job;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pataka.service.access.Acl;
import io.pataka.service.access.Grant;
import io.pataka.service.access.Grantee;
import io.pataka.service.model.ObjectVersion;
import java.util.Base64;

/**
 * Access control lists of objects as inventories have them: the Base64 of a JSON document.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/objectacl.html">AWS: working with the object ACL field</a>
 */
final class AccessControlJson {

    private AccessControlJson() {}

    static String of(ObjectVersion version) {
        if (version.deleteMarker()) {
            return "";
        }
        ObjectNode document = JsonNodeFactory.instance.objectNode();
        document.put("version", "2022-11-10").put("status", "AVAILABLE");
        ArrayNode grants = document.putArray("grants");
        Acl acl = version.facts().acl().map(Acl::parse).orElseGet(() -> Acl.ofOwner(version.owner()));
        for (Grant grant : acl.grants()) {
            ObjectNode line = grants.addObject();
            if (grant.grantee() instanceof Grantee.Group group) {
                line.put("uri", group.uri()).put("type", "Group");
            } else {
                line.put(
                                "canonicalId",
                                ((Grantee.Canonical) grant.grantee()).owner().id())
                        .put("type", "CanonicalUser");
            }
            line.put("permission", grant.right().name());
        }
        return Base64.getEncoder().encodeToString(document.toString().getBytes(UTF_8));
    }
}
