package io.pataka.service;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.access.cors.CorsRequest;
import io.pataka.service.access.cors.CorsRule;
import io.pataka.service.access.cors.CorsRules;
import io.pataka.service.access.cors.CorsXml;
import io.pataka.service.access.policy.BucketPolicy;
import io.pataka.service.access.policy.MalformedPolicyException;
import io.pataka.service.http.BucketAddressing;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.ETag;
import io.pataka.service.model.VersionId;
import io.pataka.service.protocol.AccountRequest;
import io.pataka.service.protocol.AnnouncedChecksums;
import io.pataka.service.protocol.ByteRange;
import io.pataka.service.protocol.Conditions;
import io.pataka.service.protocol.ContentMd5;
import io.pataka.service.protocol.ContinuationToken;
import io.pataka.service.protocol.CopySource;
import io.pataka.service.protocol.ObjectHeaders;
import io.pataka.service.protocol.ObjectTags;
import io.pataka.service.protocol.OperationRouter;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.RawRequest;
import io.pataka.service.protocol.RequestBody;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.Route.Resource;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Time;
import io.pataka.service.protocol.UnsupportedHeaders;
import io.pataka.service.protocol.WholeNumber;
import io.pataka.service.protocol.WriteConditions;
import io.pataka.service.protocol.form.PostPolicy;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.signature.AmzTime;
import io.pataka.service.signature.DeclaredPayload;
import io.pataka.service.signature.V2Signature;
import io.pataka.service.signature.V2StringToSign;
import io.pataka.service.signature.V4CanonicalRequest;
import io.pataka.service.signature.V4Signature;
import io.pataka.service.testing.WorkGrowth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The work of each parser of text from a client grows in proportion to the length of the text. Each parser is a row of
 * {@link #parsers}. It gets 64 KiB of each character that has a meaning to it, of each pair of them alternating, and of numbered
 * words, after a beginning that it accepts and before an end that it refuses.
 */
class LinearParsingTest {

    /**
     * A parser.
     *
     * @param beginning the text before the repetition
     * @param alphabet the characters that have a meaning to the parser, and one that has none
     * @param end the text after the repetition
     */
    private record Parser(String name, String beginning, String alphabet, String end, Consumer<String> parse) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static final BucketName BUCKET = new BucketName("bucket");
    private static final String SCOPE = "K/20130524/r/s3/aws4_request";
    private static final OperationRouter ROUTER = new OperationRouter();
    private static final BucketAddressing ADDRESSING = new BucketAddressing(List.of("s3.example.org", "example.org"));
    private static final CorsRules CORS = new CorsRules(List.of(new CorsRule(
            Optional.empty(),
            List.of("PUT"),
            List.of("https://*.example.org", "*"),
            List.of("x-*-a", "*b", "content-type"),
            List.of(),
            Optional.empty())));

    private static List<Parser> parsers() {
        return List.of(
                // of the request line
                new Parser("path", "/b/", "%2Fé/.k", "", text -> ADDRESSING.locate(Optional.empty(), "/b/" + text)),
                new Parser("path of a bucket", "", "%2Fé.-b", "", text -> ADDRESSING.locate(Optional.empty(), text)),
                new Parser("query", "", "a=&%26+;", "", Parameters::parse),
                new Parser("query in order", "", "a=&%26+", "", LinearParsingTest::canonical),
                new Parser("query of V2", "acl=", "a=&%26+", "&acl", LinearParsingTest::stringToSign),
                new Parser("query of a bucket", "", "a=&%", "acl", text -> route(Resource.BUCKET, text)),
                new Parser("query of an object", "", "a=&%", "acl", text -> route(Resource.OBJECT, text)),
                new Parser("escapes", "", "%2Aé+", "", PercentCoding::decodeQuery),
                new Parser("number", "", "+-0 9", "x", WholeNumber::ofLong),
                new Parser("version", "", "0zZ-", "!", VersionId::parse),
                new Parser("continuation token", "", "A_-=", "!", ContinuationToken::parse),
                // of headers
                new Parser("Host", "", "a.:[]", ".example.org", text -> ADDRESSING.locate(Optional.of(text), "/")),
                new Parser(
                        "account",
                        "",
                        "a-.",
                        "",
                        text -> AccountRequest.resourceOf(
                                "/v20180820/configuration/publicAccessBlock", header("x-amz-account-id", text))),
                new Parser("Range", "bytes=", "bytes=-, 0\t", "x", text -> ByteRange.parse(Optional.of(text))),
                new Parser("Range of the tail", "bytes = 0 ", " -0", "x", text -> ByteRange.parse(Optional.of(text))),
                new Parser(
                        "If-Match",
                        "\"a\"",
                        "W/\", *a",
                        "",
                        text -> Conditions.of(header("if-match", text), Instant.EPOCH)),
                new Parser(
                        "If-None-Match of a write",
                        "\"a\"",
                        "W/\", *a",
                        "",
                        text -> WriteConditions.of(header("if-none-match", text))),
                new Parser("If-Range", "\"a\"", "W/\", a", "", LinearParsingTest::ifRange),
                new Parser("time of a header", "Fri, ", "Fri, 24-:GMT", "", S3Time::readHeader),
                new Parser("time of a document", "2013-", "2013-T:.Z+", "", S3Time::readXml),
                new Parser("time of a signature", "2013", "0123TZ, :+", "", AmzTime::any),
                new Parser("Content-MD5", "", "A+/= ", "!", text -> ContentMd5.of(header("content-md5", text))),
                new Parser("trailer", "", "x-amz,; ", "", text -> AnnouncedChecksums.of(header("x-amz-trailer", text))),
                new Parser(
                        "checksum",
                        "",
                        "A=+ ",
                        "",
                        text -> AnnouncedChecksums.of(header("x-amz-checksum-sha256", text))),
                new Parser("payload", "", "0aF-", "!", DeclaredPayload::parse),
                new Parser(
                        "transfer coding",
                        "",
                        "gzip, chunked",
                        "",
                        text -> UnsupportedHeaders.refuseTransferCodings(header("transfer-encoding", text))),
                new Parser("encoding", "aws-chunked", "aws-chunked, ", "", text -> facts("content-encoding", text)),
                new Parser("metadata", "", "a =?é\t", "\n", text -> facts("x-amz-meta-a", text)),
                new Parser(
                        "tags in a header",
                        "a=b",
                        "a=&%20+é",
                        "#",
                        text -> ObjectTags.of(header("x-amz-tagging", text))),
                new Parser(
                        "copy source",
                        "/b/k",
                        "/?versionId=%20+é",
                        "",
                        text -> CopySource.of(header("x-amz-copy-source", text))),
                new Parser("origin", "https://", "https://*.example", "b", text -> cors(text, "content-type")),
                new Parser("announced headers", "x-a", "x-,* ab", "", text -> cors("https://example.org", text)),
                new Parser("Authorization", V4Signature.ALGORITHM, ",;= /aC", "", LinearParsingTest::version4),
                new Parser(
                        "credential",
                        V4Signature.ALGORITHM + " Credential=K,",
                        ",;= /aC",
                        SCOPE,
                        LinearParsingTest::version4),
                new Parser(
                        "signed headers",
                        V4Signature.ALGORITHM + " Credential=" + SCOPE + ",Signature=a,SignedHeaders=",
                        "a;-, ",
                        "",
                        LinearParsingTest::version4),
                new Parser(
                        "Authorization of V2",
                        V2Signature.SCHEME,
                        "K: =/",
                        ":a",
                        text -> V2Signature.ofHeader(V2Signature.SCHEME + text)),
                // of documents
                new Parser(
                        "XML", "<a>", "<a>/='\"&; :x!-[]", "</a>", text -> XmlElement.parse(text.getBytes(UTF_8), "a")),
                new Parser("attributes", "<a ", "a=' :x", "/>", text -> XmlElement.parse(text.getBytes(UTF_8), "a")),
                new Parser(
                        "CORS rules",
                        "<CORSConfiguration>",
                        "<CORSule>/",
                        "",
                        text -> CorsXml.read(text.getBytes(UTF_8))),
                new Parser("policy", "{", "{}[]\":,\\u0 -1e.a", "}", LinearParsingTest::policy),
                new Parser(
                        "condition",
                        "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Sid\":\"",
                        "${}'*?,",
                        "\"}]}",
                        LinearParsingTest::policy),
                new Parser(
                        "policy of a form",
                        "{",
                        "{}[]\":,\\u0 -1e.a",
                        "}",
                        text -> PostPolicy.parse(Base64.getEncoder().encodeToString(text.getBytes(UTF_8)))),
                new Parser("Base64 of a form", "", "A=\n!", "", PostPolicy::parse));
    }

    @ParameterizedTest
    @MethodSource("parsers")
    void takesWorkInProportionToTheLength(Parser parser) {
        for (String unit : units(parser.alphabet)) {
            for (String end : new TreeSet<>(List.of("", parser.end))) {
                WorkGrowth.assertLinear(
                        parser.name + " with '" + unit + "' and then '" + end + "'",
                        length -> parser.beginning + unit.repeat(length / unit.length()) + end,
                        text -> parse(parser, text));
            }
        }
        for (char separator : parser.alphabet.toCharArray()) {
            WorkGrowth.assertLinear(
                    parser.name + " with words between '" + separator + "'",
                    length -> parser.beginning + words(length, separator) + parser.end,
                    text -> parse(parser, text));
        }
    }

    private static void parse(Parser parser, String text) {
        try {
            parser.parse.accept(text);
        } catch (S3Exception refused) {
            // an answer like any other
        }
    }

    private static List<String> units(String alphabet) {
        List<String> units = new ArrayList<>();
        for (char one : alphabet.toCharArray()) {
            units.add(String.valueOf(one));
            for (char other : alphabet.toCharArray()) {
                if (one != other) {
                    units.add("" + one + other);
                }
            }
        }
        return units;
    }

    /** {@code a0,a1,a2,}: none twice. */
    private static String words(int length, char separator) {
        StringBuilder words = new StringBuilder(length + 16);
        for (int i = 0; words.length() < length; i++) {
            words.append('a').append(i).append(separator);
        }
        return words.toString();
    }

    private static RequestHeaders header(String name, String value) {
        return RequestHeaders.of(Map.of(name, value));
    }

    private static RawRequest request(String query) {
        return new RawRequest(
                "GET", "/b/k", query, RequestHeaders.none(), RequestBody.EMPTY, false, "127.0.0.1", Optional.empty());
    }

    private static void canonical(String query) {
        V4CanonicalRequest.of(request(query), List.of("host"), V4CanonicalRequest.UNSIGNED_PAYLOAD);
    }

    private static void stringToSign(String query) {
        V2StringToSign.of("GET", RequestHeaders.none(), "", Optional.empty(), "/b/k", Parameters.parse(query));
    }

    private static void route(Resource resource, String query) {
        ROUTER.route("GET", resource, Parameters.parse(query), RequestHeaders.none());
    }

    private static void ifRange(String text) {
        Conditions.allowRange(header("if-range", text), new ETag("a"), Instant.EPOCH);
    }

    private static void facts(String name, String value) {
        ObjectHeaders.read(header(name, new String(value.getBytes(UTF_8), ISO_8859_1)), Set.of());
    }

    private static void cors(String origin, String announced) {
        CORS.judge(CorsRequest.of(
                        "PUT",
                        RequestHeaders.of(Map.of(
                                "Origin", origin,
                                "Access-Control-Request-Method", "PUT",
                                "Access-Control-Request-Headers", announced)))
                .orElseThrow());
    }

    /** With the next step: the canonical request of the headers that the signature names. */
    private static void version4(String authorization) {
        V4Signature signature = V4Signature.ofHeader(authorization, V4Signature.S3);
        V4CanonicalRequest.of(request(""), signature.signedHeaders(), V4CanonicalRequest.UNSIGNED_PAYLOAD);
    }

    private static void policy(String json) {
        try {
            BucketPolicy.parse(json, BUCKET);
        } catch (MalformedPolicyException refused) {
            // an answer like any other
        }
    }
}
