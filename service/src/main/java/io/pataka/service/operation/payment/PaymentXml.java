package io.pataka.service.operation.payment;

import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.protocol.xml.XmlWriter;

/** The document that says who pays. */
final class PaymentXml {

    private static final String ROOT = "RequestPaymentConfiguration";
    private static final String PAYER = "Payer";
    private static final String REQUESTER = "Requester";
    private static final String OWNER = "BucketOwner";

    private PaymentXml() {}

    /**
     * Whether the requester pays.
     *
     * @throws S3Exception MalformedXML
     */
    static boolean read(byte[] document) {
        return switch (XmlElement.parse(document, ROOT).only(PAYER).once(PAYER).requiredText(PAYER)) {
            case REQUESTER -> true;
            case OWNER -> false;
            default -> throw new S3Exception(S3Error.MALFORMED_XML);
        };
    }

    static byte[] write(boolean requesterPays) {
        return XmlWriter.document(ROOT)
                .leaf(PAYER, requesterPays ? REQUESTER : OWNER)
                .toBytes();
    }
}
