package io.pataka.service.auth;

import io.pataka.service.protocol.S3Error;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A presigned URL of version 2. */
record QueryV2(WireSigner signer) implements SignatureForm {

    private static final List<String> OF_THE_SIGNATURE = List.of("AWSAccessKeyId", "Expires", "Signature");

    @Override
    public boolean fits(OperationExample example) {
        return example.isCoveredByVersion2();
    }

    @Override
    public WireRequest sign(OperationExample example, Instant now) {
        String expires = Long.toString(now.getEpochSecond() + 900);
        WireRequest request = HeaderV4.withMd5(example);
        String signature = signer.signature2(request, expires, HeaderV2.signedParameters(request));
        return request.parameter("AWSAccessKeyId", signer.keys().access())
                .parameter("Expires", expires)
                .parameter("Signature", encoded(signature));
    }

    private static String encoded(String base64) {
        return base64.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D");
    }

    @Override
    public List<Change> changes(OperationExample example, Instant now) {
        WireRequest signed = sign(example, now);
        String signature = signed.parameter("Signature")
                .replace("%2B", "+")
                .replace("%2F", "/")
                .replace("%3D", "=");
        List<Change> changes = new ArrayList<>(WireSigner.base64Flips(
                "signature", signature, changed -> signed.parameter("Signature", encoded(changed))));
        changes.addAll(CommonChanges.ofTheTarget(signed, HeaderV2.signedParameters(example.plain()), false));
        changes.add(Change.of(
                "no signature",
                signed.query(signed.query().stream()
                        .filter(one -> !OF_THE_SIGNATURE.contains(WireRequest.nameOf(one)))
                        .toList()),
                S3Error.ACCESS_DENIED));
        OF_THE_SIGNATURE.forEach(name ->
                changes.add(Change.of("without " + name, signed.withoutParameter(name), S3Error.ACCESS_DENIED)));
        changes.add(Change.of(
                "another key", signed.parameter("AWSAccessKeyId", "PATAKATESU"), S3Error.INVALID_ACCESS_KEY_ID));
        changes.add(Change.of(
                "good for longer",
                signed.parameter("Expires", Long.toString(now.getEpochSecond() + 901)),
                S3Error.SIGNATURE_DOES_NOT_MATCH));
        changes.add(Change.of(
                "expired",
                signed.parameter("Expires", Long.toString(now.getEpochSecond() - 1)),
                S3Error.ACCESS_DENIED));
        changes.add(Change.routed("a parameter more", signed.parameter("response-expires", "0")));
        changes.add(Change.routed("a header more in the query", signed.parameter("x-amz-meta-size", "1")));
        changes.add(
                Change.of("a header more", signed.header("x-amz-meta-size", "1"), S3Error.SIGNATURE_DOES_NOT_MATCH));
        for (String name : signed.headers().keySet()) {
            if (name.startsWith("x-amz-") || name.startsWith("content-")) {
                changes.addAll(CommonChanges.ofHeader(signed, name));
            }
        }
        if (example.readsContent()) {
            changes.addAll(CommonChanges.ofTheBody(
                    signed, example.content(), S3Error.BAD_DIGEST, S3Error.MISSING_REQUEST_BODY));
        }
        return changes;
    }
}
