package io.pataka.service.operation.lock;

import io.pataka.service.protocol.LockHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.protocol.xml.XmlWriter;

/**
 * The document of a version's legal hold.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_ObjectLockLegalHold.html">AWS: ObjectLockLegalHold</a>
 */
final class LegalHoldXml {

    private static final String ROOT = "LegalHold";
    private static final String STATUS = "Status";

    private LegalHoldXml() {}

    /**
     * @return whether the hold is to be on
     * @throws S3Exception MalformedXML
     */
    static boolean read(byte[] document) {
        String status =
                XmlElement.parse(document, ROOT).only(STATUS).once(STATUS).requiredText(STATUS);
        return LockHeaders.holdNamed(status.strip()).orElseThrow(() -> new S3Exception(S3Error.MALFORMED_XML));
    }

    static byte[] write(boolean isOn) {
        return XmlWriter.document(ROOT).leaf(STATUS, LockHeaders.holdName(isOn)).toBytes();
    }
}
