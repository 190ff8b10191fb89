package io.pataka.service.operation.acl;

import io.pataka.service.access.ObjectOwnership;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.protocol.xml.XmlWriter;
import java.util.List;

/** The document of ownership controls, which has one rule. */
final class OwnershipXml {

    private OwnershipXml() {}

    /**
     * @throws S3Exception MalformedXML
     */
    static ObjectOwnership read(byte[] document) {
        List<XmlElement> rules =
                XmlElement.parse(document, "OwnershipControls").only("Rule").children();
        if (rules.size() != 1) {
            throw new S3Exception(S3Error.MALFORMED_XML);
        }
        return ObjectOwnership.named(rules.get(0)
                        .only("ObjectOwnership")
                        .once("ObjectOwnership")
                        .requiredText("ObjectOwnership")
                        .trim())
                .orElseThrow(() -> new S3Exception(S3Error.MALFORMED_XML));
    }

    static byte[] write(ObjectOwnership ownership) {
        return XmlWriter.document("OwnershipControls")
                .open("Rule")
                .leaf("ObjectOwnership", ownership.text())
                .close()
                .toBytes();
    }
}
