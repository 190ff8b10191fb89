package io.pataka.service.signature;

import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.Objects;
import java.util.Optional;

/**
 * A version 2 signature as the client sent it, in a header or in the query.
 *
 * @param signature Base64 as sent
 * @param expires as sent, seconds since the epoch; only in the query
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/RESTAuthentication.html">AWS: version 2</a>
 */
public record V2Signature(String accessKey, String signature, Optional<String> expires) {

    /** The scheme of the {@code Authorization} header, with its space. */
    public static final String SCHEME = "AWS ";

    public V2Signature {
        Objects.requireNonNull(accessKey);
        Objects.requireNonNull(signature);
        Objects.requireNonNull(expires);
    }

    /**
     * Reads an {@code Authorization} header that begins with {@link #SCHEME}.
     *
     * @throws S3Exception InvalidArgument
     */
    public static V2Signature ofHeader(String authorization) {
        String credential = authorization.substring(SCHEME.length()).trim();
        // An access key may hold colons, Base64 has none.
        int colon = credential.lastIndexOf(':');
        if (colon <= 0 || colon == credential.length() - 1) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            "AWS authorization header is invalid.  Expected AwsAccessKeyId:signature")
                    .argument("Authorization", authorization);
        }
        return new V2Signature(
                AccessKeyText.of(credential.substring(0, colon)), credential.substring(colon + 1), Optional.empty());
    }

    /** Whether the query holds a parameter of this version. */
    public static boolean isInQuery(Parameters parameters) {
        return parameters.has("AWSAccessKeyId") || parameters.has("Signature");
    }

    /**
     * Reads {@code AWSAccessKeyId}, {@code Expires} and {@code Signature}.
     *
     * @throws S3Exception AccessDenied when one is missing
     */
    public static V2Signature ofQuery(Parameters parameters) {
        Optional<String> accessKey = parameters.first("AWSAccessKeyId").filter(key -> !key.isEmpty());
        Optional<String> signature = parameters.first("Signature").filter(text -> !text.isEmpty());
        Optional<String> expires = parameters.first("Expires").filter(text -> !text.isEmpty());
        if (accessKey.isEmpty() || signature.isEmpty() || expires.isEmpty()) {
            throw new S3Exception(
                    S3Error.ACCESS_DENIED,
                    "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters");
        }
        return new V2Signature(accessKey.get(), signature.get(), expires);
    }
}
