package io.pataka.service.signature;

import static io.pataka.service.protocol.S3Error.AUTHORIZATION_HEADER_MALFORMED;
import static io.pataka.service.protocol.S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR;
import static io.pataka.service.protocol.S3Error.INVALID_ARGUMENT;

import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.TopicRequest;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A version 4 signature as the client sent it, in a header, the query or a form.
 *
 * @param signedHeaders lower-case names in the order sent
 * @param signature as sent
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html">AWS: header</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html">AWS: query parameters</a>
 */
public record V4Signature(String accessKey, CredentialScope scope, List<String> signedHeaders, String signature) {

    /** The only algorithm. It is the scheme of the {@code Authorization} header and the first line of a string-to-sign. */
    public static final String ALGORITHM = "AWS4-HMAC-SHA256";

    /** The services of signatures for S3. */
    public static final Set<String> S3 = Set.of("s3");

    /** The services of signatures for topics: SDKs of SNS sign for their own, other clients as for S3. */
    public static final Set<String> TOPICS = Set.of("s3", TopicRequest.SERVICE);

    public V4Signature {
        Objects.requireNonNull(accessKey);
        Objects.requireNonNull(scope);
        signedHeaders = List.copyOf(signedHeaders);
        Objects.requireNonNull(signature);
    }

    /**
     * Reads an {@code Authorization} header that begins with {@link #ALGORITHM}.
     *
     * @param services those for which the signature may be
     * @throws S3Exception AuthorizationHeaderMalformed
     */
    public static V4Signature ofHeader(String authorization, Set<String> services) {
        StringBuilder credential = null;
        String signedHeaders = null;
        String signature = null;
        boolean inCredential = false;
        for (String component : authorization.substring(ALGORITHM.length()).split(",", -1)) {
            int equals = component.indexOf('=');
            String name = equals < 0 ? "" : component.substring(0, equals).trim();
            String value = component.substring(equals + 1).trim();
            switch (name) {
                case "Credential" -> credential = new StringBuilder(value);
                case "SignedHeaders" -> signedHeaders = value;
                case "Signature" -> signature = value;
                default -> {
                    if (!inCredential) {
                        throw Place.HEADER.malformed(
                                "the authorization header requires three components: Credential, SignedHeaders, and"
                                        + " Signature.");
                    }
                    // An access key may hold commas.
                    credential.append(',').append(component);
                    continue;
                }
            }
            inCredential = name.equals("Credential");
        }
        if (credential == null) {
            throw Place.HEADER.malformed("missing Credential.");
        }
        if (signedHeaders == null || signedHeaders.isEmpty()) {
            throw Place.HEADER.malformed("missing SignedHeaders.");
        }
        if (signature == null || signature.isEmpty()) {
            throw Place.HEADER.malformed("missing Signature.");
        }
        return of(Place.HEADER, credential.toString(), signedHeaders, signature, services)
                .bytewise();
    }

    /**
     * Reads the {@code X-Amz-*} parameters of a presigned request.
     *
     * @param services those for which the signature may be
     * @throws S3Exception AuthorizationQueryParametersError
     */
    public static V4Signature ofQuery(Parameters parameters, Set<String> services) {
        if (!parameters.first("X-Amz-Algorithm").filter(ALGORITHM::equals).isPresent()) {
            throw new S3Exception(
                    AUTHORIZATION_QUERY_PARAMETERS_ERROR, "X-Amz-Algorithm only supports \"" + ALGORITHM + "\"");
        }
        Optional<String> credential = parameters.first("X-Amz-Credential");
        Optional<String> signedHeaders = parameters.first("X-Amz-SignedHeaders");
        Optional<String> signature = parameters.first("X-Amz-Signature");
        if (credential.isEmpty()
                || signedHeaders.isEmpty()
                || signature.isEmpty()
                || !parameters.has("X-Amz-Date")
                || !parameters.has("X-Amz-Expires")) {
            throw new S3Exception(
                    AUTHORIZATION_QUERY_PARAMETERS_ERROR,
                    "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential,"
                            + " X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
        }
        return of(Place.QUERY, credential.get(), signedHeaders.get(), signature.get(), services);
    }

    /** Reads two fields of a POST form, which has no signed headers. */
    static V4Signature ofForm(String credential, String signature) {
        return of(Place.FORM, credential, "", signature, S3).bytewise();
    }

    /**
     * Checks that the scope is of the day on which the request was signed.
     *
     * @param timestamp {@code yyyyMMdd'T'HHmmss'Z'}
     * @throws S3Exception worded for the place
     */
    public void checkDay(Place place, String timestamp) {
        if (!timestamp.startsWith(scope.date())) {
            throw place.malformed("Invalid credential date \"" + scope.date()
                    + "\". This date is not the same as X-Amz-Date: \"" + timestamp.substring(0, 8) + "\".");
        }
    }

    /** Decodes an access key that has one character per byte. */
    private V4Signature bytewise() {
        return new V4Signature(AccessKeyText.of(accessKey), scope, signedHeaders, signature);
    }

    private static V4Signature of(
            Place place, String credential, String signedHeaders, String signature, Set<String> services) {
        // An access key may hold slashes, so the scope is taken from the end.
        String[] parts = credential.split("/", -1);
        int last = parts.length - 1;
        if (last < 4) {
            throw place.malformed("the Credential is mal-formed; expecting"
                    + " \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
        }
        String accessKey = String.join("/", List.of(parts).subList(0, last - 3));
        CredentialScope scope = new CredentialScope(parts[last - 3], parts[last - 2], parts[last - 1]);
        // The region may be empty: Libcloud signs so. AcceptedRegions decides which regions are accepted.
        if (accessKey.isEmpty()) {
            throw place.malformed("the Credential is mal-formed; expecting"
                    + " \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
        }
        if (!parts[last].equals(CredentialScope.TERMINAL)) {
            throw place.malformed("incorrect terminal \"" + parts[last] + "\". This endpoint uses \"aws4_request\".");
        }
        if (!services.contains(scope.service())) {
            throw place.malformed("incorrect service \"" + scope.service() + "\". This endpoint belongs to \"s3\".");
        }
        if (!AmzTime.isDay(scope.date())) {
            throw place.malformed("incorrect date format \"" + scope.date()
                    + "\". This date in the credential must be in the format \"yyyyMMdd\".");
        }
        List<String> names = List.of(signedHeaders.toLowerCase(Locale.ROOT).split(";", -1));
        if (new HashSet<>(names).size() < names.size()) {
            // The canonical request would have the header's value several times.
            throw place.malformed("SignedHeaders names a header more than once.");
        }
        return new V4Signature(accessKey, scope, names, signature);
    }

    /** Where the signature is sent. AWS has other error messages for each place. */
    public enum Place {
        HEADER(AUTHORIZATION_HEADER_MALFORMED, "The authorization header is malformed; "),
        QUERY(AUTHORIZATION_QUERY_PARAMETERS_ERROR, "Error parsing the X-Amz-Credential parameter; "),
        FORM(INVALID_ARGUMENT, "Error parsing the X-Amz-Credential parameter; ");

        private final S3Error error;
        private final String prefix;

        Place(S3Error error, String prefix) {
            this.error = error;
            this.prefix = prefix;
        }

        /** The error for a malformed credential. */
        public S3Exception malformed(String what) {
            return new S3Exception(error, prefix + what);
        }
    }
}
