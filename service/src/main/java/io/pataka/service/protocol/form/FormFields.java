package io.pataka.service.protocol.form;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.SecretFields;
import io.pataka.service.protocol.xml.XmlElement;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * The fields of a form that come before its file, by lower-case name. Values have one character per byte, as header values do.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/HTTPPOSTForms.html">AWS: the fields of a form</a>
 */
public final class FormFields {

    /** The most bytes of all names and values together, as with AWS. */
    public static final int MAX_SIZE = 20_480;

    private static final String USER_METADATA = "x-amz-meta-";
    private static final String FILENAME = "${filename}";

    /** Fields of the signature, in which nothing is replaced. */
    private static final Set<String> SIGNED = Set.of("policy", "signature", "x-amz-signature", "awsaccesskeyid");

    /** Fields that are removed. Algorithm and date are kept: bucket policies have conditions on them. */
    private static final Set<String> PROOF = Set.of("x-amz-signature", "x-amz-credential", "x-amz-security-token");

    /** Fields with the meaning of the header of that name. */
    private static final Set<String> HEADERS = Set.of(
            "cache-control",
            "content-disposition",
            "content-encoding",
            "content-language",
            "content-md5",
            "content-type",
            "expires",
            "redirect",
            "success_action_redirect",
            "success_action_status");

    private static final Set<String> HEADERS_OF_THE_WIRE =
            Set.of("host", "origin", "referer", "user-agent", "x-amz-expected-bucket-owner");

    private final SortedMap<String, String> fields;

    /** Names as they were sent, by lower-case name. */
    private final Map<String, String> spellings;

    private FormFields(SortedMap<String, String> fields, Map<String, String> spellings) {
        this.fields = fields;
        this.spellings = spellings;
    }

    /** By lower-case name. */
    public Map<String, String> asMap() {
        return Collections.unmodifiableMap(fields);
    }

    /** The form's spelling of a lower-case name. */
    String spelling(String name) {
        return spellings.getOrDefault(name, name);
    }

    public boolean has(String name) {
        return fields.containsKey(name);
    }

    public Optional<String> first(String name) {
        return Optional.ofNullable(fields.get(name));
    }

    /**
     * These fields, with the file's name in place of {@code ${filename}}.
     *
     * @param sent by the browser; of a path only the text after the last slash or backslash is used
     */
    FormFields withFilename(String sent) {
        String name = sent.substring(Math.max(sent.lastIndexOf('/'), sent.lastIndexOf('\\')) + 1);
        SortedMap<String, String> filled = new TreeMap<>();
        Builder size = new Builder();
        fields.forEach((field, value) -> {
            String whole = SIGNED.contains(field) ? value : filled(value, name, size.remaining());
            size.add(field, whole);
            filled.put(field, whole);
        });
        return new FormFields(filled, spellings);
    }

    /** Stops at the first character beyond the limit: twenty kilobytes of the variable would become megabytes. */
    private static String filled(String value, String name, int remaining) {
        StringBuilder whole = new StringBuilder();
        int from = 0;
        for (int at = value.indexOf(FILENAME);
                at >= 0 && whole.length() <= remaining;
                at = value.indexOf(FILENAME, from)) {
            whole.append(value, from, at).append(name);
            from = at + FILENAME.length();
        }
        return whole.append(value, from, value.length()).toString();
    }

    /**
     * The headers of an equivalent PutObject, with {@code success_action_*} and {@code redirect} under their own names, and
     * without fields that S3 does not define.
     *
     * @param wire the headers of the request, of which those about the client are kept
     * @throws S3Exception MalformedXML for a {@code tagging} field that cannot be read
     */
    public RequestHeaders asHeaders(RequestHeaders wire) {
        RequestHeaders.Builder headers = RequestHeaders.builder();
        for (String name : HEADERS_OF_THE_WIRE) {
            wire.all(name).forEach(value -> headers.add(name, value));
        }
        fields.forEach((name, value) -> {
            if (name.equals("acl")) {
                headers.add("x-amz-acl", value);
            } else if (name.equals("tagging")) {
                headers.add("x-amz-tagging", tagging(value));
            } else if (isHeader(name)) {
                headers.add(name, name.startsWith(USER_METADATA) ? mailSafe(value) : value);
            }
        });
        return headers.build();
    }

    /** Encodes a value with control characters by RFC 2047, as Amazon does, because a header cannot have them. */
    private static String mailSafe(String value) {
        return value.chars().anyMatch(c -> (c < 0x20 && c != '\t') || c == 0x7F)
                ? "=?UTF-8?B?" + Base64.getEncoder().encodeToString(value.getBytes(ISO_8859_1)) + "?="
                : value;
    }

    private static boolean isHeader(String name) {
        boolean isAmazons = name.startsWith("x-amz-") && !PROOF.contains(name);
        return (isAmazons || HEADERS.contains(name)) && !HEADERS_OF_THE_WIRE.contains(name);
    }

    /** A document with another root has no tags. Amazon does not refuse it. */
    private static String tagging(String document) {
        XmlElement root = XmlElement.parse(document.getBytes(ISO_8859_1));
        if (!root.name().equals("Tagging")) {
            return "";
        }
        XmlElement tags = root.required("TagSet");
        StringJoiner header = new StringJoiner("&");
        for (XmlElement tag : tags.all("Tag")) {
            header.add(encoded(tag.requiredText("Key")) + "=" + encoded(tag.requiredText("Value")));
        }
        return header.toString();
    }

    private static String encoded(String text) {
        return PercentCoding.encode(text.getBytes(UTF_8));
    }

    /** Collects fields in the order sent. */
    static final class Builder {

        private final SortedMap<String, String> fields = new TreeMap<>();
        private final Map<String, String> spellings = new HashMap<>();
        private int size;

        /** How many more bytes of names and values there may be. */
        int remaining() {
            return MAX_SIZE - size;
        }

        /** @throws S3Exception MaxPostPreDataLengthExceeded; InvalidArgument for a repeated field */
        void add(String name, String value) {
            size += name.length() + value.length();
            if (remaining() < 0) {
                throw new S3Exception(S3Error.MAX_POST_PRE_DATA_LENGTH_EXCEEDED)
                        .with("MaxPostPreDataLengthBytes", Integer.toString(MAX_SIZE));
            }
            spellings.put(name.toLowerCase(Locale.ROOT), name);
            if (fields.putIfAbsent(name.toLowerCase(Locale.ROOT), value) != null) {
                throw new S3Exception(
                                S3Error.INVALID_ARGUMENT,
                                "Bucket POST must not contain more than one field named '" + name + "'.")
                        .argument(name, SecretFields.shown(name, value));
            }
        }

        FormFields build() {
            return new FormFields(new TreeMap<>(fields), Map.copyOf(spellings));
        }
    }
}
