package io.pataka.service.auth;

import io.pataka.service.protocol.S3Error;
import io.pataka.service.signature.V2StringToSign;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Version 2 in the Authorization header. Of the body it covers only {@code Content-MD5}. */
record HeaderV2(WireSigner signer) implements SignatureForm {

    @Override
    public boolean fits(OperationExample example) {
        return example.isCoveredByVersion2();
    }

    @Override
    public WireRequest sign(OperationExample example, Instant now) {
        String date = WireSigner.http(now);
        WireRequest request = HeaderV4.withMd5(example).header("date", date);
        return request.header(
                "authorization",
                "AWS " + signer.keys().access() + ":" + signer.signature2(request, date, signedParameters(request)));
    }

    static List<String> signedParameters(WireRequest request) {
        return request.parameterNames().stream().filter(V2StringToSign::signs).toList();
    }

    @Override
    public List<Change> changes(OperationExample example, Instant now) {
        WireRequest signed = sign(example, now);
        String right = signed.headers().get("authorization");
        String signature = right.substring(right.indexOf(':') + 1);
        List<Change> changes = new ArrayList<>(WireSigner.base64Flips(
                "signature", signature, changed -> signed.header("authorization", right.replace(signature, changed))));
        changes.addAll(CommonChanges.ofTheTarget(signed, signedParameters(signed), false));
        changes.add(Change.of("no signature", signed.withoutHeader("authorization"), S3Error.ACCESS_DENIED));
        changes.add(Change.of(
                "another key",
                signed.header("authorization", right.replace(signer.keys().access() + ":", "PATAKATESU:")),
                S3Error.INVALID_ACCESS_KEY_ID));
        changes.add(Change.routed("a parameter more", signed.parameter("response-expires", "0")));
        changes.add(
                Change.of("a header more", signed.header("x-amz-meta-size", "1"), S3Error.SIGNATURE_DOES_NOT_MATCH));
        for (String name : signed.headers().keySet()) {
            if (name.startsWith("x-amz-") || name.startsWith("content-")) {
                changes.addAll(CommonChanges.ofHeader(signed, name));
            }
        }
        changes.add(Change.of(
                "a second later",
                signed.header("date", WireSigner.http(now.plusSeconds(1))),
                S3Error.SIGNATURE_DOES_NOT_MATCH));
        changes.add(Change.of(
                "16 minutes earlier",
                signed.header("date", WireSigner.http(now.minus(Duration.ofMinutes(16)))),
                S3Error.REQUEST_TIME_TOO_SKEWED));
        changes.add(Change.of("no date", signed.withoutHeader("date"), S3Error.ACCESS_DENIED));
        if (example.readsContent()) {
            changes.addAll(CommonChanges.ofTheBody(
                    signed, example.content(), S3Error.BAD_DIGEST, S3Error.MISSING_REQUEST_BODY));
        }
        return changes;
    }
}
