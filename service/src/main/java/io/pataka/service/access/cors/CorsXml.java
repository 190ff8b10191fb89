package io.pataka.service.access.cors;

import io.pataka.service.model.DocumentKind;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.WholeNumber;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.protocol.xml.XmlWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * The document of a bucket's CORS rules.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html">AWS: PutBucketCors</a>
 */
public final class CorsXml {

    /** The most bytes that a document may have. */
    public static final int MAX_LENGTH = 64 * 1024;

    private static final String ROOT = "CORSConfiguration";
    private static final int MAX_ID = 255;

    private CorsXml() {}

    /**
     * Reads what a client sent.
     *
     * @throws S3Exception MalformedXML for a document without rules, with more than {@link CorsRules#MAX_RULES}, or with
     *     elements that do not belong there; InvalidRequest for a method, a wildcard or a character that is not allowed
     */
    public static CorsRules read(byte[] document) {
        XmlElement root = XmlElement.parse(document, ROOT);
        if (!root.text().isBlank()
                || root.children().isEmpty()
                || root.children().size() > CorsRules.MAX_RULES) {
            throw malformed();
        }
        List<CorsRule> rules = root.children().stream().map(CorsXml::rule).toList();
        rules.forEach(CorsXml::check);
        return new CorsRules(rules);
    }

    private static CorsRule rule(XmlElement element) {
        if (!element.name().equals("CORSRule") || !element.text().isBlank()) {
            throw malformed();
        }
        List<String> ids = new ArrayList<>();
        List<String> methods = new ArrayList<>();
        List<String> origins = new ArrayList<>();
        List<String> headers = new ArrayList<>();
        List<String> exposed = new ArrayList<>();
        List<Integer> ages = new ArrayList<>();
        for (XmlElement child : element.children()) {
            switch (child.name()) {
                case "ID" -> ids.add(child.text());
                case "AllowedMethod" -> methods.add(child.text());
                case "AllowedOrigin" -> origins.add(child.text());
                case "AllowedHeader" -> headers.add(child.text());
                case "ExposeHeader" -> exposed.add(child.text());
                case "MaxAgeSeconds" -> ages.add(seconds(child.text()));
                default -> throw malformed();
            }
        }
        if (methods.isEmpty() || origins.isEmpty() || ids.size() > 1 || ages.size() > 1) {
            throw malformed();
        }
        return new CorsRule(
                ids.stream().findFirst(),
                methods,
                origins,
                headers,
                exposed,
                ages.stream().findFirst());
    }

    private static int seconds(String text) {
        OptionalInt seconds = WholeNumber.ofInt(text.trim());
        if (seconds.isEmpty() || seconds.getAsInt() < 0) {
            throw malformed();
        }
        return seconds.getAsInt();
    }

    private static void check(CorsRule rule) {
        for (String method : rule.methods()) {
            if (!CorsRule.METHODS.contains(method)) {
                throw invalid("Found unsupported HTTP method in CORS config. Unsupported method is " + method);
            }
        }
        rule.origins().forEach(origin -> checkPattern("AllowedOrigin", origin));
        rule.headers().forEach(header -> checkPattern("AllowedHeader", header));
        for (String header : rule.exposed()) {
            if (header.contains("*")) {
                throw invalid("ExposeHeader \"" + header
                        + "\" contains wildcard. We currently do not support wildcard for ExposeHeader.");
            }
            checkCharacters("ExposeHeader", header);
        }
        if (rule.id().filter(id -> id.length() > MAX_ID).isPresent()) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "ID length should not exceed allowed limit of " + MAX_ID)
                    .argument("ID", rule.id().get());
        }
    }

    private static void checkPattern(String element, String pattern) {
        if (pattern.indexOf('*') != pattern.lastIndexOf('*')) {
            throw invalid(element + " \"" + pattern + "\" can not have more than one wildcard.");
        }
        checkCharacters(element, pattern);
    }

    /** What is sent in a header must not end it. */
    private static void checkCharacters(String element, String text) {
        if (!text.chars().allMatch(c -> c >= 0x20 && c < 0x7F)) {
            throw invalid(element + " \"" + text + "\" contains invalid character.");
        }
    }

    private static S3Exception malformed() {
        return new S3Exception(S3Error.MALFORMED_XML);
    }

    private static S3Exception invalid(String message) {
        return new S3Exception(S3Error.INVALID_REQUEST, message);
    }

    /** The document for clients, and for {@link DocumentKind#CORS}. */
    public static byte[] write(CorsRules rules) {
        XmlWriter xml = XmlWriter.document(ROOT);
        for (CorsRule rule : rules.rules()) {
            xml.open("CORSRule").leaf("ID", rule.id());
            rule.methods().forEach(method -> xml.leaf("AllowedMethod", method));
            rule.origins().forEach(origin -> xml.leaf("AllowedOrigin", origin));
            rule.headers().forEach(header -> xml.leaf("AllowedHeader", header));
            rule.exposed().forEach(header -> xml.leaf("ExposeHeader", header));
            rule.maxAge().ifPresent(seconds -> xml.leaf("MaxAgeSeconds", seconds));
            xml.close();
        }
        return xml.toBytes();
    }
}
