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
     * Writes the document. As in Amazon's answers, and unlike its documentation, there is no {@code <Resource>}: the details
     * name a bucket or a key.
     *
     * @param details elements between the message and the ids, by name
     */
    public static byte[] write(
            String code, String message, Map<String, String> details, String requestId, String hostId) {
        XmlWriter xml = XmlWriter.plainDocument("Error").leaf("Code", code).leaf("Message", message);
        details.forEach(xml::leaf);
        return xml.leaf("RequestId", requestId).leaf("HostId", hostId).toBytes();
    }

    /**
     * Writes the document in the form of SNS.
     *
     * @param ofSender whether the request is at fault, and not the service
     * @param details elements after the message, by name
     * @see <a href="https://docs.aws.amazon.com/sns/latest/api/CommonErrors.html">AWS: common errors of SNS</a>
     */
    public static byte[] writeForTopics(
            boolean ofSender, String code, String message, Map<String, String> details, String requestId) {
        XmlWriter xml = XmlWriter.topicDocument("ErrorResponse")
                .open("Error")
                .leaf("Type", ofSender ? "Sender" : "Receiver")
                .leaf("Code", code)
                .leaf("Message", message);
        details.forEach(xml::leaf);
        return xml.close().leaf("RequestId", requestId).toBytes();
    }
}
