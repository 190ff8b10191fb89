package io.pataka.service.signature;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.Parameters.Parameter;
import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.RawRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The canonical request of version 4. Path and query are decoded to bytes and escaped again, because clients differ in which
 * characters they escape. Dot segments, empty segments and plus signs of the path are kept, because an S3 key is data. The path
 * is escaped once, not twice as for other services of AWS.
 *
 * @param text one character per byte
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html">AWS: canonical request</a>
 */
public record V4CanonicalRequest(String text) {

    /** Replaces the payload's hash if the payload is not signed. */
    public static final String UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD";

    private static final String SIGNATURE_PARAMETER = "X-Amz-Signature";

    /**
     * @param signedHeaders lower-case names in the order in which the client lists them; one that the request lacks counts as
     *     empty
     * @param payloadHash the last line: a hash, or another value that {@code x-amz-content-sha256} allows
     */
    public static V4CanonicalRequest of(RawRequest request, List<String> signedHeaders, String payloadHash) {
        StringBuilder text = new StringBuilder(512);
        text.append(request.method()).append('\n');
        text.append(PercentCoding.encodePath(PercentCoding.decodePath(request.path())))
                .append('\n');
        appendQuery(text, request.query());
        text.append('\n');
        for (String name : signedHeaders) {
            text.append(name).append(':');
            String separator = "";
            for (String value : request.headers().all(name)) {
                text.append(separator);
                appendTrimmed(text, value);
                separator = ",";
            }
            text.append('\n');
        }
        text.append('\n');
        text.append(String.join(";", signedHeaders)).append('\n');
        text.append(payloadHash);
        return new V4CanonicalRequest(text.toString());
    }

    /** One character per byte. */
    public byte[] bytes() {
        return text.getBytes(ISO_8859_1);
    }

    /** What is signed: algorithm, time, scope, and the hash of this. */
    public String stringToSign(String timestamp, CredentialScope scope) {
        return V4Signature.ALGORITHM + '\n' + timestamp + '\n' + scope + '\n' + Sha256.hex(bytes());
    }

    private static void appendQuery(StringBuilder text, String rawQuery) {
        if (rawQuery.isEmpty()) {
            return;
        }
        record Pair(String name, String value) {}
        List<Pair> pairs = new ArrayList<>();
        for (Parameter parameter : Parameters.parse(rawQuery).all()) {
            if (!parameter.name().equals(SIGNATURE_PARAMETER)) {
                pairs.add(new Pair(reEncoded(parameter.rawName()), reEncoded(parameter.rawValue())));
            }
        }
        pairs.sort(Comparator.comparing(Pair::name).thenComparing(Pair::value));
        String separator = "";
        for (Pair pair : pairs) {
            text.append(separator).append(pair.name).append('=').append(pair.value);
            separator = "&";
        }
    }

    private static String reEncoded(String raw) {
        return PercentCoding.encode(PercentCoding.decodeQueryBytes(raw));
    }

    /** Removes white space at both ends, and replaces each run of it inside by one space. */
    private static void appendTrimmed(StringBuilder text, String value) {
        boolean started = false;
        boolean pendingSpace = false;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == ' ' || (c >= '\t' && c <= '\r')) {
                pendingSpace = started;
            } else {
                if (pendingSpace) {
                    text.append(' ');
                    pendingSpace = false;
                }
                text.append(c);
                started = true;
            }
        }
    }
}
