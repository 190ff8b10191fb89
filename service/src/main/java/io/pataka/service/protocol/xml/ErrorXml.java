package io.pataka.service.protocol.xml;

import java.util.Map;

/**
 * The document of an error.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html">AWS: REST error responses</a>
 */
public final class ErrorXml {

    private ErrorXml() {}

    /**
     * Amazon's documentation shows {@code <Resource>}, its answers name a bucket or a key instead, among the details.
     *
     * @param details elements between the message and the ids, by name
     */
    public static byte[] write(
            String code, String message, Map<String, String> details, String requestId, String hostId) {
        XmlWriter xml = XmlWriter.plainDocument("Error").leaf("Code", code).leaf("Message", message);
        details.forEach(xml::leaf);
        return xml.leaf("RequestId", requestId).leaf("HostId", hostId).toBytes();
    }
}
