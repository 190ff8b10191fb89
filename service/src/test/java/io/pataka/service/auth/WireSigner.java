package io.pataka.service.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pataka.service.protocol.S3Error;
import io.pataka.service.testing.AccessKeys;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.function.Function;

/** Signs as Amazon describes it, as simply as possible, and shares no code with the server. */
record WireSigner(AccessKeys keys) {

    static final String V4 = "AWS4-HMAC-SHA256";

    private static final DateTimeFormatter BASIC =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter HTTP = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    static String basic(Instant time) {
        return BASIC.format(time);
    }

    static String http(Instant time) {
        return HTTP.format(time);
    }

    static String scope(Instant time) {
        return basic(time).substring(0, 8) + "/us-east-1/s3/aws4_request";
    }

    String credential(Instant time) {
        return keys.access() + "/" + scope(time);
    }

    String hmac4(Instant time, String text) {
        return TestSigner.v4(keys.secret(), basic(time).substring(0, 8), "us-east-1", text);
    }

    String hmac2(String text) {
        return TestSigner.hmacSha1(keys.secret(), text);
    }

    /** The signature of version 4 over a request, whose query holds all but the signature. */
    String signature4(WireRequest request, List<String> signedHeaders, String payload, Instant time) {
        List<String> query = new ArrayList<>();
        for (String one : request.query()) {
            query.add(one.contains("=") ? one : one + "=");
        }
        query.sort(Comparator.comparing(WireRequest::nameOf));
        List<String> lines = new ArrayList<>(List.of(request.method(), request.path(), String.join("&", query)));
        signedHeaders.forEach(name -> lines.add(name + ":" + request.headers().get(name)));
        lines.add("");
        lines.add(String.join(";", signedHeaders));
        lines.add(payload);
        String canonical = SignedRequest.sha256(String.join("\n", lines).getBytes(ISO_8859_1));
        return hmac4(time, String.join("\n", V4, basic(time), scope(time), canonical));
    }

    /** The signature of version 2 over a request, in Base64. */
    String signature2(WireRequest request, String date, List<String> signedParameters) {
        StringBuilder text = new StringBuilder(request.method()).append('\n');
        text.append(request.headers().getOrDefault("content-md5", "")).append('\n');
        text.append(request.headers().getOrDefault("content-type", "")).append('\n');
        text.append(date).append('\n');
        request.headers().forEach((name, value) -> {
            if (name.startsWith("x-amz-")) {
                text.append(name).append(':').append(value).append('\n');
            }
        });
        text.append(request.path());
        char before = '?';
        for (String name : new TreeSet<>(signedParameters)) {
            String value = request.parameter(name);
            text.append(before).append(name).append(value.isEmpty() ? "" : "=" + value);
            before = '&';
        }
        return hmac2(text.toString());
    }

    /**
     * Changes of one bit of a signature, a bit of each of its bytes.
     *
     * @param with the request with another signature
     */
    static List<Change> hexFlips(String what, String signature, Function<String, WireRequest> with) {
        return flips(what, HexFormat.of().parseHex(signature), HexFormat.of()::formatHex, with);
    }

    /** The same, of a signature in Base64. */
    static List<Change> base64Flips(String what, String signature, Function<String, WireRequest> with) {
        return flips(what, Base64.getDecoder().decode(signature), Base64.getEncoder()::encodeToString, with);
    }

    private static List<Change> flips(
            String what, byte[] signature, Function<byte[], String> text, Function<String, WireRequest> with) {
        List<Change> changes = new ArrayList<>();
        for (int at = 0; at < signature.length; at++) {
            changes.add(Change.of(
                    what + ", a bit of byte " + at,
                    with.apply(text.apply(WireRequest.flipped(signature, at))),
                    S3Error.SIGNATURE_DOES_NOT_MATCH));
        }
        return changes;
    }
}
