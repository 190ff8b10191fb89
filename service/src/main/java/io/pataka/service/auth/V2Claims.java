package io.pataka.service.auth;

import io.pataka.keystone.SignedProof;
import io.pataka.service.model.BucketName;
import io.pataka.service.protocol.Parameters.Parameter;
import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.Route;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Request;
import io.pataka.service.protocol.WholeNumber;
import io.pataka.service.signature.AmzTime;
import io.pataka.service.signature.DeclaredPayload;
import io.pataka.service.signature.V2Signature;
import io.pataka.service.signature.V2StringToSign;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads requests signed with version 2, as boto 2 signs them.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html">AWS: version 2</a>
 */
final class V2Claims {

    private final ClockSkew clockSkew;

    V2Claims(ClockSkew clockSkew) {
        this.clockSkew = clockSkew;
    }

    /**
     * @param authorization begins with the scheme
     * @throws S3Exception for each fault that can be found without the secret
     */
    SignedClaim ofHeader(S3Request request, String authorization) {
        V2Signature signature = V2Signature.ofHeader(authorization);
        RequestHeaders headers = request.headers();
        Optional<String> amzDate = headers.first("x-amz-date");
        String sent = amzDate.or(() -> headers.first("date")).orElse("").trim();
        Instant time = AmzTime.any(sent)
                .filter(parsed -> !parsed.isBefore(Instant.EPOCH))
                .orElseThrow(() -> new S3Exception(
                        S3Error.ACCESS_DENIED, "AWS authentication requires a valid Date or x-amz-date header"));
        clockSkew.checkSigned(time, sent);
        return claim(request, signature, amzDate.isPresent() ? "" : sent);
    }

    /** @throws S3Exception for each fault that can be found without the secret */
    SignedClaim ofQuery(S3Request request) {
        V2Signature signature = V2Signature.ofQuery(request.parameters());
        String expires = signature.expires().orElseThrow();
        clockSkew.checkNotExpired(expiry(expires));
        return claim(PresignedHeaders.overlay(withStandardHeaders(request)), signature, expires);
    }

    private static Instant expiry(String text) {
        long seconds = WholeNumber.ofLong(text).orElseThrow(() -> notATime(text));
        try {
            return Instant.ofEpochSecond(seconds);
        } catch (DateTimeException beyondAllYears) {
            throw notATime(text);
        }
    }

    private static S3Exception notATime(String text) {
        return new S3Exception(S3Error.ACCESS_DENIED, "Invalid date (should be seconds since epoch): " + text);
    }

    /** botocore moves these two headers to the query as well. */
    private static S3Request withStandardHeaders(S3Request request) {
        RequestHeaders.Builder moved = RequestHeaders.builder();
        for (String name : new String[] {"content-md5", "content-type"}) {
            Optional<Parameter> parameter = request.parameters().parameter(name);
            if (parameter.isPresent() && !request.headers().has(name)) {
                moved.add(name, PresignedHeaders.value(parameter.get()));
            }
        }
        return request.withHeaders(request.headers().overlaidWith(moved.build()));
    }

    private static SignedClaim claim(S3Request request, V2Signature signature, String date) {
        checkAllSigned(request);
        DeclaredPayload payload = request.headers()
                .first("x-amz-content-sha256")
                .map(DeclaredPayload::parseUncovered)
                .orElse(DeclaredPayload.NOTHING);
        String path = request.raw().path();
        SignedProof asSent = proof(request, signature, date, path);
        // boto3 signs /bucket/ but sends /bucket; other clients sign what they send.
        boolean isBareBucket = request.bucket().isPresent() && request.key().isEmpty() && !path.endsWith("/");
        Optional<SignedProof> withSlash =
                isBareBucket ? Optional.of(proof(request, signature, date, path + "/")) : Optional.empty();
        return new SignedClaim(
                withSlash.orElse(asSent),
                withSlash.map(other -> asSent),
                request,
                payload,
                Optional.empty(),
                Optional.empty());
    }

    private static SignedProof proof(S3Request request, V2Signature signature, String date, String path) {
        V2StringToSign stringToSign = V2StringToSign.of(
                request.raw().method(), request.headers(), date, virtualHost(request), path, request.parameters());
        return new SignedProof.V2(signature.accessKey(), stringToSign.text(), signature.signature());
    }

    /**
     * If the signature did not cover a parameter that selects the operation, one signed request could be turned into another. Requests of
     * Ceph's admin API have their operation in the path.
     */
    private static void checkAllSigned(S3Request request) {
        Route route = request.operation().route();
        Stream.concat(route.words().stream(), route.needs().stream())
                .filter(word -> request.parameters().has(word) && !V2StringToSign.signs(word))
                .findFirst()
                .ifPresent(word -> {
                    throw new S3Exception(
                            S3Error.INVALID_REQUEST,
                            "Signature Version 2 does not cover the query parameter " + word
                                    + ". Please use AWS4-HMAC-SHA256.");
                });
    }

    /** The bucket, if the host names it. */
    private static Optional<String> virtualHost(S3Request request) {
        int pathLength = PercentCoding.decodePath(request.raw().path()).length;
        int keyLength = request.key().map(key -> key.length()).orElse(0);
        return request.bucket().map(BucketName::text).filter(bucket -> pathLength <= 1 + keyLength);
    }
}
