package io.pataka.service.operation.multipart;

import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.Content;
import io.pataka.service.model.ETag;
import io.pataka.service.operation.PartNumberParameter;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.WholeNumber;
import io.pataka.service.protocol.xml.XmlElement;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A part as the client's list names it.
 *
 * @param number 1 to 10,000
 * @param checksums Base64 by algorithm; those that the client names
 */
record NamedPart(int number, ETag etag, Map<ChecksumAlgorithm, String> checksums) {

    /** The root, and each part with its number, its entity tag and all checksums that there are. */
    private static final int MAX_ELEMENTS = 1 + Content.Parts.MAX_COUNT * (3 + ChecksumAlgorithm.values().length);

    /**
     * Reads {@code <CompleteMultipartUpload>}.
     *
     * @throws S3Exception MalformedXML; InvalidRequest when there is no part; InvalidPartOrder when the numbers do not ascend; InvalidArgument for a number beyond
     *     1 to 10,000
     */
    static List<NamedPart> read(byte[] document) {
        List<XmlElement> elements = XmlElement.parse(document, "CompleteMultipartUpload", MAX_ELEMENTS)
                .all("Part");
        if (elements.isEmpty()) {
            throw new S3Exception(S3Error.INVALID_REQUEST, "You must specify at least one part");
        }
        if (elements.size() > Content.Parts.MAX_COUNT) {
            throw new S3Exception(S3Error.MALFORMED_XML);
        }
        List<NamedPart> parts = new ArrayList<>(elements.size());
        int previous = 0;
        for (XmlElement element : elements) {
            NamedPart part = read(element);
            if (part.number < previous) {
                throw new S3Exception(S3Error.INVALID_PART_ORDER);
            }
            if (part.number == previous) {
                // A part that was sent twice and listed twice: the later line counts, as the later upload does.
                parts.remove(parts.size() - 1);
            }
            previous = part.number;
            parts.add(part);
        }
        return parts;
    }

    private static NamedPart read(XmlElement element) {
        String etag = element.requiredText("ETag").trim();
        if (etag.length() >= 2 && etag.startsWith("\"") && etag.endsWith("\"")) {
            etag = etag.substring(1, etag.length() - 1);
        }
        Map<ChecksumAlgorithm, String> checksums = new EnumMap<>(ChecksumAlgorithm.class);
        for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
            element.textOf(algorithm.element())
                    .map(String::trim)
                    .filter(value -> !value.isEmpty())
                    .ifPresent(value -> checksums.put(algorithm, value));
        }
        return new NamedPart(number(element.requiredText("PartNumber").trim()), new ETag(etag), checksums);
    }

    private static int number(String text) {
        int number = WholeNumber.ofInt(text).orElseThrow(() -> new S3Exception(S3Error.MALFORMED_XML));
        PartNumberParameter.requireInRange(number);
        return number;
    }
}
