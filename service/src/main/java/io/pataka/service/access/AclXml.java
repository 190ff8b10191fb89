package io.pataka.service.access;

import io.pataka.service.model.Owner;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.protocol.xml.XmlWriter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The document of an ACL.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAcl.html">AWS: GetObjectAcl</a>
 */
public final class AclXml {

    private static final String XSI = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=";

    private static final String OWNER = "Owner";
    private static final String LIST = "AccessControlList";
    private static final String USER_ID = "CanonicalUser/ID";

    private final GranteeDirectory directory;

    public AclXml(GranteeDirectory directory) {
        this.directory = directory;
    }

    /**
     * The document for the list of something that {@code owner} owns: grants to groups first and then the owner's, as Ceph Gateway
     * writes them and its tests expect, where Amazon has the owner first; all others follow in their own order.
     */
    public static byte[] write(Acl acl, Owner owner) {
        XmlWriter xml =
                XmlWriter.document("AccessControlPolicy").owner("Owner", owner).open("AccessControlList");
        List<Grant> grants = acl.grants().stream()
                .sorted(Comparator.comparingInt(grant -> rank(grant, owner)))
                .toList();
        for (Grant grant : grants) {
            xml.open("Grant");
            if (grant.grantee() instanceof Grantee.Group group) {
                xml.open("Grantee", XSI + "\"Group\"").leaf("URI", group.uri()).close();
            } else if (grant.grantee() instanceof Grantee.Canonical canonical) {
                xml.open("Grantee", XSI + "\"CanonicalUser\"")
                        .leaf("ID", canonical.owner().id())
                        .leaf("DisplayName", canonical.owner().displayName())
                        .close();
            }
            xml.leaf("Permission", grant.right().name()).close();
        }
        return xml.close().toBytes();
    }

    private static int rank(Grant grant, Owner owner) {
        if (grant.grantee() instanceof Grantee.Canonical canonical) {
            return canonical.owner().id().equals(owner.id()) ? 1 : 2;
        }
        return 0;
    }

    /**
     * @param owner whose the bucket or object is; a document that names another owner is refused
     * @throws S3Exception MalformedACLError, AccessDenied for another owner, InvalidArgument for an owner that is not there; InvalidArgument or UnresolvableGrantByEmailAddress
     *     for a grantee that is not there
     */
    public Acl read(byte[] document, Owner owner) {
        XmlElement policy;
        try {
            policy = XmlElement.parse(document, "AccessControlPolicy")
                    .only(OWNER, LIST)
                    .once(OWNER, LIST);
            policy.all(LIST).forEach(list -> list.only("Grant"));
        } catch (S3Exception notOurDocument) {
            throw new S3Exception(S3Error.MALFORMED_ACL);
        }
        String named = policy.first(OWNER)
                .flatMap(element -> element.textOf("ID"))
                .map(String::trim)
                .orElseThrow(() -> new S3Exception(S3Error.MALFORMED_ACL));
        if (!named.equals(owner.id())) {
            Grantees.canonical(directory, named, USER_ID);
            throw new S3Exception(S3Error.ACCESS_DENIED).because("the document names another owner");
        }
        List<XmlElement> lines = policy.first(LIST)
                .orElseThrow(() -> new S3Exception(S3Error.MALFORMED_ACL))
                .all("Grant");
        if (lines.size() > Acl.MAX_GRANTS) {
            throw new S3Exception(S3Error.MALFORMED_ACL);
        }
        List<Grant> grants = new ArrayList<>(lines.size());
        for (XmlElement line : lines) {
            grants.add(new Grant(grantee(line), right(line)));
        }
        return new Acl(grants);
    }

    private static Grant.Right right(XmlElement line) {
        return line.textOf("Permission")
                .map(String::trim)
                .flatMap(Grant.Right::named)
                .orElseThrow(() -> new S3Exception(S3Error.MALFORMED_ACL));
    }

    private Grantee grantee(XmlElement line) {
        XmlElement grantee = line.first("Grantee").orElseThrow(() -> new S3Exception(S3Error.MALFORMED_ACL));
        if (isNamed(grantee, "ID", "CanonicalUser")) {
            return Grantees.canonical(directory, grantee.requiredText("ID").trim(), USER_ID);
        }
        if (isNamed(grantee, "URI", "Group")) {
            return Grantees.group(grantee.requiredText("URI").trim(), "Group/URI");
        }
        if (isNamed(grantee, "EmailAddress", "AmazonCustomerByEmail")) {
            return Grantees.byEmailAddress(
                    directory, grantee.requiredText("EmailAddress").trim());
        }
        throw new S3Exception(S3Error.MALFORMED_ACL);
    }

    /** A type that is given must fit the kind of name that is given. */
    private static boolean isNamed(XmlElement grantee, String child, String type) {
        return grantee.first(child).isPresent()
                && grantee.type().map(String::trim).orElse(type).equals(type);
    }
}
