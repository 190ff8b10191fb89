package io.pataka.service.testing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The client's side of Signature Version 4 in the Authorization header, with the payload left unsigned unless a hash of it is
 * among the headers. It is written from Amazon's description and not from the server's code, so that they do not share mistakes.
 */
public final class HeaderSigner {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private static final String PAYLOAD = "x-amz-content-sha256";

    private final AccessKeys keys;
    private final String host;

    private String day = "";
    private byte[] signingKey = new byte[0];

    public HeaderSigner(AccessKeys keys, String host) {
        this.keys = keys;
        this.host = host;
    }

    /**
     * @param path percent-encoded
     * @param query percent-encoded, sorted, every name with its {@code =}
     * @param amzHeaders lower-case names
     * @return the header lines to send, each with its CR LF, {@code Host} included
     */
    public String sign(String method, String path, String query, SortedMap<String, String> amzHeaders, Instant now) {
        String time = TIME.format(now);
        TreeMap<String, String> signed = new TreeMap<>(amzHeaders);
        signed.put("host", host);
        signed.putIfAbsent(PAYLOAD, "UNSIGNED-PAYLOAD");
        signed.put("x-amz-date", time);

        StringBuilder lines = new StringBuilder(512);
        StringBuilder canonical = new StringBuilder(512);
        canonical
                .append(method)
                .append('\n')
                .append(path)
                .append('\n')
                .append(query)
                .append('\n');
        signed.forEach((name, value) -> {
            canonical.append(name).append(':').append(value).append('\n');
            lines.append(name).append(": ").append(value).append("\r\n");
        });
        String names = String.join(";", signed.keySet());
        canonical.append('\n').append(names).append('\n').append(signed.get(PAYLOAD));

        String scope = time.substring(0, 8) + "/us-east-1/s3/aws4_request";
        String toSign = "AWS4-HMAC-SHA256\n" + time + '\n' + scope + '\n' + hex(sha256(canonical.toString()));
        String signature = hex(hmac(signingKey(time.substring(0, 8)), toSign));
        return lines.append("authorization: AWS4-HMAC-SHA256 Credential=")
                .append(keys.access())
                .append('/')
                .append(scope)
                .append(", SignedHeaders=")
                .append(names)
                .append(", Signature=")
                .append(signature)
                .append("\r\n")
                .toString();
    }

    private byte[] signingKey(String date) {
        if (!date.equals(day)) {
            byte[] key = hmac(("AWS4" + keys.secret()).getBytes(StandardCharsets.UTF_8), date);
            signingKey = hmac(hmac(hmac(key, "us-east-1"), "s3"), "aws4_request");
            day = date;
        }
        return signingKey;
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
