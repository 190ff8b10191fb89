package io.pataka.service.auth;

import io.pataka.service.protocol.S3Error;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A presigned URL of version 4. A header that decides the operation stays a header and is signed as one. */
record QueryV4(WireSigner signer) implements SignatureForm {

    private static final String SIGNATURE = "X-Amz-Signature";
    private static final String COLOUR = "x-amz-meta-colour";

    @Override
    public boolean fits(OperationExample example) {
        return true;
    }

    @Override
    public WireRequest sign(OperationExample example, Instant now) {
        WireRequest request = HeaderV4.withMd5(example).withoutHeader(COLOUR).parameter(COLOUR, "red");
        List<String> names = List.copyOf(request.headers().keySet());
        WireRequest presigned = request.parameter("X-Amz-Algorithm", WireSigner.V4)
                .parameter("X-Amz-Credential", signer.credential(now).replace("/", "%2F"))
                .parameter("X-Amz-Date", WireSigner.basic(now))
                .parameter("X-Amz-Expires", "900")
                .parameter("X-Amz-SignedHeaders", String.join("%3B", names));
        return presigned.parameter(SIGNATURE, signer.signature4(presigned, names, "UNSIGNED-PAYLOAD", now));
    }

    @Override
    public List<Change> changes(OperationExample example, Instant now) {
        WireRequest signed = sign(example, now);
        List<String> parameters = new ArrayList<>(example.plain().parameterNames());
        parameters.add(COLOUR);
        List<Change> changes = new ArrayList<>(WireSigner.hexFlips(
                "signature", signed.parameter(SIGNATURE), changed -> signed.parameter(SIGNATURE, changed)));
        changes.addAll(CommonChanges.ofTheTarget(signed, parameters, true));
        changes.add(Change.of(
                "no signature",
                signed.query(signed.query().stream()
                        .filter(one -> !one.startsWith("X-Amz-"))
                        .toList()),
                S3Error.ACCESS_DENIED));
        changes.add(Change.routed("a parameter more", signed.parameter("x-pataka-more", "1")));
        changes.add(Change.routed("a header more in the query", signed.parameter("x-amz-meta-size", "1")));
        changes.add(Change.of(
                "a header more, which is not signed", signed.header("x-amz-meta-size", "1"), S3Error.ACCESS_DENIED));
        changes.add(Change.of(
                "a signature in the header, too", signed.header("authorization", "AWS a:b"), S3Error.INVALID_ARGUMENT));
        signed.headers().keySet().forEach(name -> changes.addAll(CommonChanges.ofHeader(signed, name)));
        time(signed, now, changes);
        credential(signed, now, changes);
        for (String name : signed.parameterNames()) {
            if (name.startsWith("X-Amz-")) {
                changes.add(Change.of(
                        "without " + name,
                        signed.withoutParameter(name),
                        S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR));
            }
        }
        if (example.readsContent()) {
            changes.addAll(CommonChanges.ofTheBody(
                    signed, example.content(), S3Error.BAD_DIGEST, S3Error.MISSING_REQUEST_BODY));
        }
        return changes;
    }

    private static void time(WireRequest signed, Instant now, List<Change> changes) {
        changes.add(Change.of(
                "a second later",
                signed.parameter("X-Amz-Date", WireSigner.basic(now.plusSeconds(1))),
                ofDay(now, now.plusSeconds(1), S3Error.SIGNATURE_DOES_NOT_MATCH)));
        Instant stale = now.minus(Duration.ofMinutes(16));
        changes.add(Change.of(
                "expired",
                signed.parameter("X-Amz-Date", WireSigner.basic(stale)),
                ofDay(now, stale, S3Error.ACCESS_DENIED)));
        changes.add(Change.of(
                "good for longer", signed.parameter("X-Amz-Expires", "901"), S3Error.SIGNATURE_DOES_NOT_MATCH));
        changes.add(Change.of(
                "good for too long",
                signed.parameter("X-Amz-Expires", "604801"),
                S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR));
    }

    private void credential(WireRequest signed, Instant now, List<Change> changes) {
        String right = signed.parameter("X-Amz-Credential");
        String day = WireSigner.basic(now).substring(0, 8);
        String otherDay = WireSigner.basic(now.minus(Duration.ofDays(1))).substring(0, 8);
        changes.add(Change.of(
                "another key",
                signed.parameter("X-Amz-Credential", right.replace(signer.keys().access(), "PATAKATESU")),
                S3Error.INVALID_ACCESS_KEY_ID));
        changes.add(Change.of(
                "another day in the scope",
                signed.parameter("X-Amz-Credential", right.replace(day, otherDay)),
                S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR));
        changes.add(Change.of(
                "another region in the scope",
                signed.parameter("X-Amz-Credential", right.replace("us-east-1", "us-east-2")),
                S3Error.SIGNATURE_DOES_NOT_MATCH));
        changes.add(Change.of(
                "another service in the scope",
                signed.parameter("X-Amz-Credential", right.replace("%2Fs3%2F", "%2Fs2%2F")),
                S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR));
        changes.add(Change.of(
                "another end of the scope",
                signed.parameter("X-Amz-Credential", WireRequest.flipped(right)),
                S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR));
        changes.add(Change.of(
                "another algorithm",
                signed.parameter("X-Amz-Algorithm", "AWS4-HMAC-SHA257"),
                S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR));
        changes.add(Change.of(
                "the host taken off the list",
                signed.parameter(
                        "X-Amz-SignedHeaders",
                        signed.parameter("X-Amz-SignedHeaders").replace("host", "hosu")),
                S3Error.ACCESS_DENIED));
    }

    private static S3Error ofDay(Instant signed, Instant sent, S3Error otherwise) {
        return WireSigner.scope(signed).equals(WireSigner.scope(sent))
                ? otherwise
                : S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR;
    }
}
