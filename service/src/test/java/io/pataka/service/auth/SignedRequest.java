package io.pataka.service.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pataka.service.protocol.S3Request;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A client of version 4, as simple as possible. The test gives it the canonical forms; it computes none, so that it shares no code
 * with the code under test.
 */
final class SignedRequest {

    static final String DAY = "20130524";
    static final String TIME = "20130524T000000Z";
    static final String NOW = "2013-05-24T00:00:00Z";
    static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    private final String method;
    private final String path;
    private final String query;
    private final String canonicalPath;
    private final String canonicalQuery;
    private final TreeMap<String, String> headers = new TreeMap<>();
    private final Map<String, String> unsigned = new TreeMap<>();
    private String region = "us-east-1";
    private byte[] body = new byte[0];

    private SignedRequest(String method, String path, String query, String canonicalPath, String canonicalQuery) {
        this.method = method;
        this.path = path;
        this.query = query;
        this.canonicalPath = canonicalPath;
        this.canonicalQuery = canonicalQuery;
        headers.put("host", "localhost:8080");
        headers.put("x-amz-date", TIME);
        headers.put("x-amz-content-sha256", EMPTY);
    }

    /** A path and query that are canonical already. */
    static SignedRequest of(String method, String path, String query) {
        return new SignedRequest(method, path, query, path, query);
    }

    /** A path and query sent in one way and signed in another. */
    static SignedRequest sentAs(String method, String path, String query, String canonicalPath, String canonicalQuery) {
        return new SignedRequest(method, path, query, canonicalPath, canonicalQuery);
    }

    SignedRequest header(String lowerCaseName, String value) {
        headers.put(lowerCaseName, value);
        return this;
    }

    SignedRequest without(String lowerCaseName) {
        headers.remove(lowerCaseName);
        return this;
    }

    SignedRequest unsigned(String name, String value) {
        unsigned.put(name, value);
        return this;
    }

    SignedRequest region(String name) {
        region = name;
        return this;
    }

    SignedRequest body(byte[] bytes) {
        body = bytes;
        return this;
    }

    String signature() {
        return TestSigner.v4(FixedCredentials.V4.secretKey(), DAY, region, stringToSign());
    }

    String authorization() {
        return "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/" + DAY + "/" + region
                + "/s3/aws4_request, SignedHeaders=" + String.join(";", headers.keySet()) + ", Signature="
                + signature();
    }

    S3Request build() {
        return unsent().header("Authorization", authorization()).build();
    }

    /** The request with all its headers but the authorization. */
    Requests unsent() {
        Requests request =
                Requests.of(method, query.isEmpty() ? path : path + "?" + query).body(body);
        headers.forEach(request::header);
        unsigned.forEach(request::header);
        return request;
    }

    private String stringToSign() {
        List<String> lines = new ArrayList<>(List.of(method, canonicalPath, canonicalQuery));
        headers.forEach((name, value) -> lines.add(name + ":" + value));
        lines.add("");
        lines.add(String.join(";", headers.keySet()));
        String payload = headers.getOrDefault(
                "x-amz-content-sha256", unsigned.getOrDefault("x-amz-content-sha256", "UNSIGNED-PAYLOAD"));
        lines.add(payload);
        return "AWS4-HMAC-SHA256\n" + TIME + "\n" + DAY + "/" + region + "/s3/aws4_request\n"
                + sha256(String.join("\n", lines).getBytes(ISO_8859_1));
    }

    /** A presigned URL's query, which is in canonical form already. */
    static String presignedQuery(String method, String path, String date, String expires, Map<String, String> more) {
        TreeMap<String, String> parameters = new TreeMap<>(more);
        parameters.put("X-Amz-Algorithm", "AWS4-HMAC-SHA256");
        parameters.put(
                "X-Amz-Credential",
                "AKIAIOSFODNN7EXAMPLE%2F" + date.substring(0, 8) + "%2Fus-east-1%2Fs3%2Faws4_request");
        parameters.put("X-Amz-Date", date);
        parameters.put("X-Amz-Expires", expires);
        parameters.put("X-Amz-SignedHeaders", "host");
        List<String> pairs = new ArrayList<>();
        parameters.forEach((name, value) -> pairs.add(name + "=" + value));
        String query = String.join("&", pairs);
        String payload = more.getOrDefault("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD");
        String canonical = String.join("\n", method, path, query, "host:localhost:8080", "", "host", payload);
        String text = "AWS4-HMAC-SHA256\n" + date + "\n" + date.substring(0, 8) + "/us-east-1/s3/aws4_request\n"
                + sha256(canonical.getBytes(ISO_8859_1));
        return query + "&X-Amz-Signature="
                + TestSigner.v4(FixedCredentials.V4.secretKey(), date.substring(0, 8), "us-east-1", text);
    }

    static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException(absent);
        }
    }
}
