package io.pataka.service.auth;

import io.pataka.service.protocol.S3Error;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;

/** Version 4 in the Authorization header, with the hash of the payload. */
record HeaderV4(WireSigner signer) implements SignatureForm {

    static final String PAYLOAD = "x-amz-content-sha256";
    static final String DATE = "x-amz-date";

    @Override
    public boolean fits(OperationExample example) {
        return true;
    }

    @Override
    public WireRequest sign(OperationExample example, Instant now) {
        WireRequest request = withMd5(example).header(PAYLOAD, SignedRequest.sha256(example.content()));
        return signed(request, now);
    }

    /** Some documents must come with their digest. */
    static WireRequest withMd5(OperationExample example) {
        return example.readsContent()
                ? example.plain()
                        .header("content-md5", Base64.getEncoder().encodeToString(DigestUtils.md5(example.content())))
                : example.plain();
    }

    /** With the payload already declared. */
    WireRequest signed(WireRequest request, Instant now) {
        WireRequest dated = request.header(DATE, WireSigner.basic(now));
        List<String> names = List.copyOf(dated.headers().keySet());
        String signature = signer.signature4(dated, names, dated.headers().get(PAYLOAD), now);
        return dated.header("authorization", authorization(signer.credential(now), names, signature));
    }

    private static String authorization(String credential, List<String> names, String signature) {
        return WireSigner.V4 + " Credential=" + credential + ", SignedHeaders=" + String.join(";", names)
                + ", Signature=" + signature;
    }

    static String signatureOf(WireRequest signed) {
        String authorization = signed.headers().get("authorization");
        return authorization.substring(authorization.indexOf("Signature=") + 10);
    }

    /** A bit of each byte of the signature in the header. */
    static List<Change> signatureFlips(WireRequest signed) {
        String authorization = signed.headers().get("authorization");
        String signature = signatureOf(signed);
        return WireSigner.hexFlips(
                "signature",
                signature,
                changed -> signed.header("authorization", authorization.replace(signature, changed)));
    }

    @Override
    public List<Change> changes(OperationExample example, Instant now) {
        WireRequest signed = sign(example, now);
        List<Change> changes = new ArrayList<>(signatureFlips(signed));
        changes.addAll(CommonChanges.ofTheTarget(signed, signed.parameterNames(), true));
        changes.add(Change.of("no signature", signed.withoutHeader("authorization"), S3Error.ACCESS_DENIED));
        changes.add(Change.routed("a parameter more", signed.parameter("x-pataka-more", "1")));
        changes.add(Change.of(
                "a header more, which is not signed", signed.header("x-amz-meta-size", "1"), S3Error.ACCESS_DENIED));
        headers(example, signed, now, changes);
        authorization(signed, now, changes);
        if (example.readsContent()) {
            changes.addAll(CommonChanges.ofTheBody(signed, example.content(), S3Error.X_AMZ_CONTENT_SHA256_MISMATCH));
        }
        return changes;
    }

    private static void headers(OperationExample example, WireRequest signed, Instant now, List<Change> changes) {
        for (String name : signed.headers().keySet()) {
            switch (name) {
                case "authorization" -> {}
                case DATE -> {
                    changes.add(Change.of(
                            "a second later",
                            signed.header(DATE, WireSigner.basic(now.plusSeconds(1))),
                            ofDay(now, now.plusSeconds(1), S3Error.SIGNATURE_DOES_NOT_MATCH)));
                    Instant stale = now.minus(Duration.ofMinutes(16));
                    changes.add(Change.of(
                            "16 minutes earlier",
                            signed.header(DATE, WireSigner.basic(stale)),
                            ofDay(now, stale, S3Error.REQUEST_TIME_TOO_SKEWED)));
                    changes.add(Change.of("no date", signed.withoutHeader(DATE), S3Error.ACCESS_DENIED));
                }
                case PAYLOAD -> {
                    byte[] hash = HexFormat.of().parseHex(signed.headers().get(PAYLOAD));
                    changes.add(Change.of(
                            "another payload",
                            signed.header(PAYLOAD, HexFormat.of().formatHex(WireRequest.flipped(hash, 7))),
                            S3Error.SIGNATURE_DOES_NOT_MATCH));
                    changes.add(Change.of(
                            "any payload",
                            signed.header(PAYLOAD, "UNSIGNED-PAYLOAD"),
                            S3Error.SIGNATURE_DOES_NOT_MATCH));
                    changes.add(Change.of(
                            "no payload",
                            signed.withoutHeader(PAYLOAD),
                            example.operation().isOfTopics()
                                    ? S3Error.SIGNATURE_DOES_NOT_MATCH
                                    : S3Error.INVALID_REQUEST));
                }
                default -> changes.addAll(CommonChanges.ofHeader(signed, name));
            }
        }
    }

    private void authorization(WireRequest signed, Instant now, List<Change> changes) {
        String right = signed.headers().get("authorization");
        String day = WireSigner.basic(now).substring(0, 8);
        String otherDay = WireSigner.basic(now.minus(Duration.ofDays(1))).substring(0, 8);
        changes.add(Change.of(
                "another key",
                signed.header("authorization", right.replace(signer.keys().access() + "/", "PATAKATESU/")),
                S3Error.INVALID_ACCESS_KEY_ID));
        changes.add(Change.of(
                "another day in the scope",
                signed.header("authorization", right.replace("/" + day + "/", "/" + otherDay + "/")),
                S3Error.AUTHORIZATION_HEADER_MALFORMED));
        changes.add(Change.of(
                "another region in the scope",
                signed.header("authorization", right.replace("us-east-1", "us-east-2")),
                S3Error.SIGNATURE_DOES_NOT_MATCH));
        changes.add(Change.of(
                "another service in the scope",
                signed.header("authorization", right.replace("/s3/", "/s2/")),
                S3Error.AUTHORIZATION_HEADER_MALFORMED));
        changes.add(Change.of(
                "another end of the scope",
                signed.header("authorization", right.replace("aws4_request", "aws5_request")),
                S3Error.AUTHORIZATION_HEADER_MALFORMED));
        changes.add(Change.of(
                "a header taken off the list",
                signed.header("authorization", right.replace(";x-amz-meta-colour", "")),
                S3Error.ACCESS_DENIED));
        changes.add(Change.of(
                "the host taken off the list",
                signed.header("authorization", right.replace("host;", "")),
                S3Error.ACCESS_DENIED));
    }

    /** A date of another day than the scope's is refused before the signature is compared. */
    private static S3Error ofDay(Instant signed, Instant sent, S3Error otherwise) {
        return WireSigner.scope(signed).equals(WireSigner.scope(sent))
                ? otherwise
                : S3Error.AUTHORIZATION_HEADER_MALFORMED;
    }
}
