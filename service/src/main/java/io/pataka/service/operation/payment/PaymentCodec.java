package io.pataka.service.operation.payment;

import io.pataka.service.access.BucketAccess;
import io.pataka.service.operation.DocumentCodec;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.protocol.xml.XmlWriter;

/** Whether the requester pays. A bucket whose owner pays has no document. */
final class PaymentCodec implements DocumentCodec<Boolean> {

    private static final String ROOT = "RequestPaymentConfiguration";
    private static final String PAYER = "Payer";
    private static final String REQUESTER = BucketAccess.REQUESTER;
    private static final String OWNER = "BucketOwner";

    /**
     * Whether the requester pays.
     *
     * @throws S3Exception MalformedXML
     */
    @Override
    public Boolean read(byte[] document) {
        return switch (XmlElement.parse(document, ROOT).only(PAYER).once(PAYER).requiredText(PAYER)) {
            case REQUESTER -> true;
            case OWNER -> false;
            default -> throw new S3Exception(S3Error.MALFORMED_XML);
        };
    }

    @Override
    public byte[] write(Boolean requesterPays) {
        return XmlWriter.document(ROOT)
                .leaf(PAYER, requesterPays ? REQUESTER : OWNER)
                .toBytes();
    }

    @Override
    public boolean isNone(Boolean requesterPays) {
        return !requesterPays;
    }

    @Override
    public String store(Boolean requesterPays) {
        return requesterPays ? REQUESTER : OWNER;
    }

    @Override
    public Boolean load(String stored) {
        return stored.equals(REQUESTER);
    }
}
