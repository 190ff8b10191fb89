package io.pataka.service.operation.acl;

import io.pataka.service.protocol.xml.XmlElement;
import java.util.List;

/** Documents of ACLs. */
final class AclDocuments {

    static final String ALL_USERS = "http://acs.amazonaws.com/groups/global/AllUsers";

    private AclDocuments() {}

    static String document(String owner, String grants) {
        return "<AccessControlPolicy xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Owner><ID>" + owner
                + "</ID></Owner><AccessControlList>" + grants + "</AccessControlList></AccessControlPolicy>";
    }

    static String grant(String grantee, String permission) {
        return "<Grant><Grantee>" + grantee + "</Grantee><Permission>" + permission + "</Permission></Grant>";
    }

    static List<String> grants(XmlElement policy) {
        return policy.required("AccessControlList").all("Grant").stream()
                .map(grant -> grant.requiredText("Permission") + " "
                        + grant.required("Grantee")
                                .textOf("ID")
                                .or(() -> grant.required("Grantee").textOf("URI"))
                                .orElseThrow())
                .toList();
    }
}
