package io.pataka.service.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Request;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every part that a signature covers is changed by one bit, at every place, in every form; each change must be refused. */
class SignedPartsTest {

    private static final Pattern ESCAPE = Pattern.compile("%[0-9a-fA-F]{2}");
    private static final Pattern HEADER_NAMES =
            Pattern.compile("(?<=SignedHeaders=)[^,&]*|(?i:x-amz-checksum-mode)(?==)");

    private static final Authenticator AUTHENTICATOR = new Authenticator(
            FixedCredentials.V4,
            SignatureRules.standard(),
            Clock.fixed(Instant.parse(SignedRequest.NOW), ZoneOffset.UTC));

    static Stream<Arguments> forms() {
        return Stream.of(
                Arguments.of("V4 header", v4Header()),
                Arguments.of("V4 query", v4Query()),
                Arguments.of("V2 header", v2Header()),
                Arguments.of("V2 query", v2Query()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void acceptsTheRequestAsItWasSigned(String name, Message message) {
        assertThat(AUTHENTICATOR.authenticate(message.request()).caller().accessKey())
                .as(name)
                .contains("AKIAIOSFODNN7EXAMPLE");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void refusesEveryChangeOfOneBit(String name, Message right) {
        List<String> accepted = new ArrayList<>();
        int tried = 0;
        for (String part : right.parts().keySet()) {
            String text = right.parts().get(part);
            for (int bit = 0; bit < 7 * text.length(); bit++) {
                char[] changed = text.toCharArray();
                changed[bit / 7] ^= (char) (1 << (bit % 7));
                String wrong = new String(changed);
                boolean travels = changed[bit / 7] >= 0x20 && changed[bit / 7] != 0x7F;
                if (!travels
                        || (part.equals("path") && !wrong.startsWith("/"))
                        || meaning(wrong).equals(meaning(text))) {
                    continue;
                }
                tried++;
                if (isAccepted(right.with(part, wrong))) {
                    accepted.add(part + ": " + wrong);
                }
            }
        }
        assertThat(accepted).as(name).isEmpty();
        assertThat(tried).as("changes tried").isGreaterThan(300);
    }

    /** The text in one case where case says nothing: hexadecimal digits of escapes, and names of headers. */
    private static String meaning(String text) {
        String escapes =
                ESCAPE.matcher(text).replaceAll(escape -> escape.group().toUpperCase(Locale.ROOT));
        return HEADER_NAMES
                .matcher(escapes)
                .replaceAll(names -> Matcher.quoteReplacement(names.group().toLowerCase(Locale.ROOT)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("forms")
    void refusesAnotherMethod(String name, Message right) {
        for (String method : List.of("GET", "PUT", "HEAD", "DELETE")) {
            if (!method.equals(right.method())) {
                assertThat(isAccepted(new Message(method, right.parts())))
                        .as("%s with %s", name, method)
                        .isFalse();
            }
        }
    }

    private static boolean isAccepted(Message message) {
        S3Request request;
        try {
            request = message.request();
        } catch (S3Exception noSuchRequest) {
            return false;
        }
        try {
            return !AUTHENTICATOR.authenticate(request).caller().isAnonymous();
        } catch (S3Exception refused) {
            return false;
        }
    }

    private static Message v4Header() {
        SignedRequest signed = SignedRequest.of("PUT", "/bucket/some/key", "tagging=")
                .header("content-type", "text/plain")
                .header("x-amz-meta-colour", "red and blue")
                .header("x-amz-content-sha256", SignedRequest.sha256("body".getBytes(UTF_8)));
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("path", "/bucket/some/key");
        parts.put("query", "tagging=");
        parts.put("host", "localhost:8080");
        parts.put("x-amz-date", SignedRequest.TIME);
        parts.put("content-type", "text/plain");
        parts.put("x-amz-meta-colour", "red and blue");
        parts.put("x-amz-content-sha256", SignedRequest.sha256("body".getBytes(UTF_8)));
        parts.put("authorization", signed.authorization());
        return new Message("PUT", parts);
    }

    private static Message v4Query() {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("path", "/bucket/some/key");
        parts.put(
                "query",
                SignedRequest.presignedQuery(
                        "GET",
                        "/bucket/some/key",
                        SignedRequest.TIME,
                        "3600",
                        Map.of("versionId", "abc", "x-amz-checksum-mode", "ENABLED")));
        parts.put("host", "localhost:8080");
        return new Message("GET", parts);
    }

    private static Message v2Header() {
        String date = "Fri, 24 May 2013 00:00:00 GMT";
        String text = "PUT\n1B2M2Y8AsgTpgAmY7PhCfg==\ntext/plain\n" + date
                + "\nx-amz-acl:private\nx-amz-meta-colour:red and blue\n/bucket/some/key?tagging";
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("path", "/bucket/some/key");
        parts.put("query", "tagging");
        parts.put("date", date);
        parts.put("content-md5", "1B2M2Y8AsgTpgAmY7PhCfg==");
        parts.put("content-type", "text/plain");
        parts.put("x-amz-acl", "private");
        parts.put("x-amz-meta-colour", "red and blue");
        parts.put(
                "authorization",
                "AWS AKIAIOSFODNN7EXAMPLE:" + TestSigner.hmacSha1(FixedCredentials.V4.secretKey(), text));
        return new Message("PUT", parts);
    }

    private static Message v2Query() {
        String text = "GET\n\n\n1369357200\nx-amz-checksum-mode:ENABLED\n/bucket/some/key?versionId=abc";
        String signature = TestSigner.hmacSha1(FixedCredentials.V4.secretKey(), text)
                .replace("+", "%2B")
                .replace("/", "%2F")
                .replace("=", "%3D");
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("path", "/bucket/some/key");
        parts.put(
                "query",
                "versionId=abc&x-amz-checksum-mode=ENABLED&AWSAccessKeyId=AKIAIOSFODNN7EXAMPLE&Expires=1369357200"
                        + "&Signature=" + signature);
        return new Message("GET", parts);
    }

    /** A request in parts that can be changed one by one: method, path, query and headers. */
    record Message(String method, Map<String, String> parts) {

        Message with(String part, String value) {
            Map<String, String> changed = new LinkedHashMap<>(parts);
            changed.put(part, value);
            return new Message(method, changed);
        }

        S3Request request() {
            Requests request = Requests.of(method, parts.get("path") + "?" + parts.getOrDefault("query", ""));
            parts.forEach((name, value) -> {
                if (!name.equals("path") && !name.equals("query")) {
                    request.header(name, value);
                }
            });
            return request.body("body".getBytes(ISO_8859_1)).build();
        }
    }
}
