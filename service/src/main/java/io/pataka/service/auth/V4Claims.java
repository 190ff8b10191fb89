package io.pataka.service.auth;

import io.pataka.keystone.SignedProof;
import io.pataka.service.protocol.BufferedBody;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Request;
import io.pataka.service.protocol.TopicRequest;
import io.pataka.service.protocol.WholeNumber;
import io.pataka.service.signature.AmzTime;
import io.pataka.service.signature.CredentialScope;
import io.pataka.service.signature.DeclaredPayload;
import io.pataka.service.signature.V4CanonicalRequest;
import io.pataka.service.signature.V4Signature;
import io.pataka.service.signature.V4Signature.Place;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reads requests signed with version 4: the claimed access key, the string that was signed, and checks of time, scope and
 * signed headers.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-authenticating-requests.html">AWS: version 4</a>
 */
final class V4Claims {

    private static final String CONTENT_SHA256 = "x-amz-content-sha256";
    private static final long LONGEST_EXPIRY_SECONDS = 604_800;

    private final AcceptedRegions regions;
    private final ClockSkew clockSkew;

    V4Claims(AcceptedRegions regions, ClockSkew clockSkew) {
        this.regions = regions;
        this.clockSkew = clockSkew;
    }

    /**
     * @param authorization begins with the algorithm
     * @throws S3Exception for each fault that can be found without the secret
     */
    SignedClaim ofHeader(S3Request request, String authorization) {
        V4Signature signature = V4Signature.ofHeader(authorization, services(request));
        RequestHeaders headers = request.raw().headers();
        String sent =
                headers.first("x-amz-date").or(() -> headers.first("date")).orElse("");
        Instant time = AmzTime.any(sent)
                .orElseThrow(() -> new S3Exception(
                        S3Error.ACCESS_DENIED, "AWS authentication requires a valid Date or x-amz-date header"));
        String timestamp = AmzTime.toBasic(time);
        signature.checkDay(Place.HEADER, timestamp);
        regions.check(Place.HEADER, signature.scope().region());
        clockSkew.checkSigned(time, sent);
        DeclaredPayload payload =
                headers.has(CONTENT_SHA256) || !request.operation().isOfTopics()
                        ? DeclaredPayload.parse(headers.first(CONTENT_SHA256)
                                .orElseThrow(() -> new S3Exception(
                                        S3Error.INVALID_REQUEST,
                                        "Missing required header for this request: x-amz-content-sha256")))
                        : DeclaredPayload.ofBytes(bytes(request));
        return claim(request, signature, timestamp, payload);
    }

    /** @throws S3Exception for each fault that can be found without the secret */
    SignedClaim ofQuery(S3Request request) {
        Parameters parameters = request.parameters();
        V4Signature signature = V4Signature.ofQuery(parameters, services(request));
        String timestamp = parameters.first("X-Amz-Date").orElse("");
        Instant time = AmzTime.basic(timestamp)
                .orElseThrow(() -> new S3Exception(
                        S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR,
                        "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""));
        signature.checkDay(Place.QUERY, timestamp);
        regions.check(Place.QUERY, signature.scope().region());
        long expires = expiry(parameters.first("X-Amz-Expires").orElse(""));
        clockSkew.checkBegun(time);
        clockSkew.checkNotExpired(time, expires);
        S3Request presigned = PresignedHeaders.overlay(request);
        DeclaredPayload payload = presigned
                .headers()
                .first(CONTENT_SHA256)
                .map(DeclaredPayload::parseUncovered)
                .orElse(
                        signature.scope().service().equals(TopicRequest.SERVICE)
                                ? DeclaredPayload.ofBytes(new byte[0])
                                : DeclaredPayload.NOTHING);
        return claim(presigned, signature, timestamp, payload);
    }

    private static Set<String> services(S3Request request) {
        return request.operation().isOfTopics() ? V4Signature.TOPICS : V4Signature.S3;
    }

    /** Of a form about topics, which is short and in memory: SDKs of SNS sign its hash without sending it. */
    private static byte[] bytes(S3Request request) {
        return request.body() instanceof BufferedBody form ? form.bytes() : new byte[0];
    }

    private static SignedClaim claim(
            S3Request request, V4Signature signature, String timestamp, DeclaredPayload payload) {
        checkAllSigned(request.raw().headers(), new HashSet<>(signature.signedHeaders()));
        V4CanonicalRequest canonical = V4CanonicalRequest.of(request.raw(), signature.signedHeaders(), payload.text());
        CredentialScope scope = signature.scope();
        SignedProof proof = new SignedProof.V4(
                signature.accessKey(),
                proofScope(scope),
                canonical.stringToSign(timestamp, scope),
                signature.signature());
        return new SignedClaim(
                proof, Optional.empty(), request, payload, Optional.of(canonical.text()), Optional.of(timestamp));
    }

    static SignedProof.Scope proofScope(CredentialScope scope) {
        return new SignedProof.Scope(scope.date(), scope.region(), scope.service());
    }

    /** The hash of the payload need not be among the signed headers: it is the last line of the canonical request. */
    private static void checkAllSigned(RequestHeaders headers, Set<String> signed) {
        TreeSet<String> unsigned = new TreeSet<>();
        if (!signed.contains("host")) {
            unsigned.add("host");
        }
        for (String name : headers.names()) {
            if (name.startsWith("x-amz-") && !name.equals(CONTENT_SHA256) && !signed.contains(name)) {
                unsigned.add(name);
            }
        }
        if (!unsigned.isEmpty()) {
            throw new S3Exception(
                            S3Error.ACCESS_DENIED, "There were headers present in the request which were not signed")
                    .with("HeadersNotSigned", String.join(", ", unsigned));
        }
    }

    private static long expiry(String text) {
        long seconds = WholeNumber.ofLong(text).orElseThrow(() -> badExpiry("X-Amz-Expires should be a number"));
        if (seconds < 0) {
            throw badExpiry("X-Amz-Expires must be non-negative");
        }
        if (seconds > LONGEST_EXPIRY_SECONDS) {
            throw badExpiry(
                    "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be"
                            + " less than " + LONGEST_EXPIRY_SECONDS + " seconds");
        }
        return seconds;
    }

    private static S3Exception badExpiry(String message) {
        return new S3Exception(S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR, message);
    }
}
