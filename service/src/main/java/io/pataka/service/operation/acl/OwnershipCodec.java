package io.pataka.service.operation.acl;

import io.pataka.service.access.ObjectOwnership;
import io.pataka.service.operation.DocumentCodec;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.protocol.xml.XmlWriter;
import java.util.List;

/** The forms of ownership controls: XML with one rule for clients, the name of the rule in the database. */
final class OwnershipCodec implements DocumentCodec<ObjectOwnership> {

    /**
     * @throws S3Exception MalformedXML
     */
    @Override
    public ObjectOwnership read(byte[] document) {
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

    @Override
    public byte[] write(ObjectOwnership ownership) {
        return XmlWriter.document("OwnershipControls")
                .open("Rule")
                .leaf("ObjectOwnership", ownership.text())
                .close()
                .toBytes();
    }

    @Override
    public String store(ObjectOwnership ownership) {
        return ownership.text();
    }

    @Override
    public ObjectOwnership load(String stored) {
        return ObjectOwnership.named(stored)
                .orElseThrow(() -> new IllegalStateException("no ownership rule: " + stored));
    }
}
