package io.pataka.service.access;

import io.pataka.service.model.Owner;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.protocol.xml.XmlWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * The document of an ACL.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAcl.html">AWS: GetObjectAcl</a>
 */
public final class AclXml {

    private static final String XSI = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=";

    private final GranteeDirectory directory;

    public AclXml(GranteeDirectory directory) {
        this.directory = directory;
    }

    /** The document for the list of something that {@code owner} owns. */
    public static byte[] write(Acl acl, Owner owner) {
        XmlWriter xml =
                XmlWriter.document("AccessControlPolicy").owner("Owner", owner).open("AccessControlList");
        for (Grant grant : acl.grants()) {
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

    /**
     * @param owner whose the bucket or object is; a document that names another owner is refused
     * @throws S3Exception MalformedACLError, AccessDenied for another owner, InvalidArgument or UnresolvableGrantByEmailAddress
     *     for a grantee that is not there
     */
    public Acl read(byte[] document, Owner owner) {
        XmlElement policy;
        try {
            policy = XmlElement.parse(document, "AccessControlPolicy");
        } catch (S3Exception notOurDocument) {
            throw new S3Exception(S3Error.MALFORMED_ACL);
        }
        String named = policy.first("Owner")
                .flatMap(element -> element.textOf("ID"))
                .map(String::trim)
                .orElseThrow(() -> new S3Exception(S3Error.MALFORMED_ACL));
        if (!named.equals(owner.id())) {
            throw new S3Exception(S3Error.ACCESS_DENIED).because("the document names another owner");
        }
        List<XmlElement> lines = policy.first("AccessControlList")
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
        if (grantee.first("ID").isPresent()) {
            return Grantees.canonical(directory, grantee.requiredText("ID").trim(), "CanonicalUser/ID");
        }
        if (grantee.first("URI").isPresent()) {
            return Grantees.group(grantee.requiredText("URI").trim(), "Group/URI");
        }
        if (grantee.first("EmailAddress").isPresent()) {
            return Grantees.byEmailAddress(
                    directory, grantee.requiredText("EmailAddress").trim());
        }
        throw new S3Exception(S3Error.MALFORMED_ACL);
    }
}
