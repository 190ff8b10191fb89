package io.pataka.service.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.keystone.CredentialResolver;
import io.pataka.keystone.Ec2Credential;
import io.pataka.keystone.KeystoneIdentity;
import io.pataka.keystone.Resolution;
import io.pataka.keystone.Resolution.Granted;
import io.pataka.keystone.Resolution.Outage;
import io.pataka.keystone.Resolution.Reason;
import io.pataka.keystone.Resolution.Refused;
import io.pataka.keystone.Resolution.Unavailable;
import io.pataka.keystone.SignedProof;
import io.pataka.service.model.Caller;
import io.pataka.service.model.Owner;
import io.pataka.service.protocol.Parameters;
import io.pataka.service.protocol.RequestBody;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Request;
import io.pataka.service.protocol.SecretFields;
import io.pataka.service.signature.ChunkSignatures;
import io.pataka.service.signature.CredentialScope;
import io.pataka.service.signature.DeclaredPayload;
import io.pataka.service.signature.PostPolicySignature;
import io.pataka.service.signature.V2Signature;
import io.pataka.service.signature.V4Signature;
import io.pataka.service.signature.V4Signature.Place;
import java.time.Clock;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * Authenticates a request. An unsigned request has the anonymous caller, who is authorised elsewhere. The body is not read
 * here: it verifies itself while it is read.
 */
public final class Authenticator {

    private static final String SECURITY_TOKEN = "x-amz-security-token";

    private final CredentialResolver resolver;
    private final boolean acceptsVersion2;
    private final AcceptedRegions regions;
    private final V4Claims v4Claims;
    private final V2Claims v2Claims;

    public Authenticator(CredentialResolver resolver, SignatureRules rules, Clock clock) {
        this.resolver = Objects.requireNonNull(resolver);
        ClockSkew clockSkew = new ClockSkew(clock);
        this.acceptsVersion2 = rules.version2();
        this.regions = new AcceptedRegions(rules.region(), rules.strictRegion());
        this.v4Claims = new V4Claims(regions, clockSkew);
        this.v2Claims = new V2Claims(clockSkew);
    }

    /**
     * @throws S3Exception for a signature that is malformed, wrong, expired or incomplete, with AWS's code and message;
     *     ServiceUnavailable or SlowDown with {@code Retry-After} when the credentials cannot be checked now
     */
    public Authenticated authenticate(S3Request request) {
        if (request.operation().isPreflight()) {
            // A preflight has the query of the request that the browser will send, whose signature does not cover the
            // preflight.
            return new Authenticated(Caller.ANONYMOUS, request);
        }
        Optional<SignedClaim> claim = claimOf(request);
        if (claim.isEmpty()) {
            return anonymous(request);
        }
        SignedClaim signed = claim.get();
        Ec2Credential credential = resolve(signed.proof(), signed.otherwise(), signed.canonicalRequest());
        Optional<ChunkSignatures> signatures = VerifiedBody.needsSignatures(signed.payload())
                ? Optional.of(chunkSignatures(signed, credential))
                : Optional.empty();
        RequestBody body = VerifiedBody.of(request.body(), signed.request().headers(), signed.payload(), signatures);
        return new Authenticated(callerOf(credential), signed.request().withBody(body));
    }

    /**
     * Authenticates the signer of a POST form's policy. Expiry and conditions of the policy are checked elsewhere.
     *
     * @throws S3Exception as {@link #authenticate(S3Request)}
     */
    public Caller authenticate(PostPolicySignature form) {
        if (form instanceof PostPolicySignature.V4 v4) {
            regions.check(Place.FORM, v4.scope().region());
            return callerOf(resolve(
                    new SignedProof.V4(
                            v4.accessKey(), V4Claims.proofScope(v4.scope()), bytewise(v4.policy()), v4.signature()),
                    Optional.empty(),
                    Optional.empty()));
        }
        checkVersion2();
        return callerOf(resolve(
                new SignedProof.V2(form.accessKey(), bytewise(form.policy()), form.signature()),
                Optional.empty(),
                Optional.empty()));
    }

    private Optional<SignedClaim> claimOf(S3Request request) {
        Optional<String> authorization =
                request.raw().headers().first("authorization").map(String::trim).filter(value -> !value.isEmpty());
        Parameters parameters = request.parameters();
        boolean queryV4 = parameters.has("X-Amz-Algorithm")
                || parameters.has("X-Amz-Signature")
                || parameters.has("X-Amz-Credential");
        boolean queryV2 = V2Signature.isInQuery(parameters);
        if (authorization.isPresent() && (queryV4 || queryV2) || queryV4 && queryV2) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query"
                                    + " string parameter or the Authorization header should be specified")
                    .argument("Authorization", authorization.orElse(""));
        }
        if (authorization.isEmpty() && !queryV4 && !queryV2) {
            return Optional.empty();
        }
        if (request.raw().headers().has(SECURITY_TOKEN) || hasIgnoringCase(parameters, SECURITY_TOKEN)) {
            throw new S3Exception(S3Error.INVALID_TOKEN);
        }
        if (queryV4) {
            return Optional.of(v4Claims.ofQuery(request));
        }
        if (queryV2) {
            checkVersion2(request);
            return Optional.of(v2Claims.ofQuery(request));
        }
        return Optional.of(ofHeader(request, authorization.get()));
    }

    private SignedClaim ofHeader(S3Request request, String authorization) {
        if (authorization.equals(V4Signature.ALGORITHM) || authorization.startsWith(V4Signature.ALGORITHM + " ")) {
            return v4Claims.ofHeader(request, authorization);
        }
        if (authorization.startsWith(V2Signature.SCHEME)) {
            checkVersion2(request);
            return v2Claims.ofHeader(request, authorization);
        }
        if (authorization.startsWith("AWS4-ECDSA-P256-SHA256")) {
            throw new S3Exception(S3Error.NOT_IMPLEMENTED);
        }
        throw new S3Exception(S3Error.INVALID_ARGUMENT, "Unsupported Authorization Type")
                .argument("Authorization", authorization);
    }

    /** A signature of version 2 does not cover the form in which the parameters about a topic are. */
    private void checkVersion2(S3Request request) {
        if (request.operation().isOfTopics()) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "Requests about topics cannot be signed with version 2. Please use AWS4-HMAC-SHA256.");
        }
        checkVersion2();
    }

    private void checkVersion2() {
        if (!acceptsVersion2) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
        }
    }

    private static boolean hasIgnoringCase(Parameters parameters, String name) {
        return parameters.all().stream().anyMatch(parameter -> parameter.name().equalsIgnoreCase(name));
    }

    private static Authenticated anonymous(S3Request request) {
        RequestHeaders headers = request.headers();
        DeclaredPayload payload = headers.first("x-amz-content-sha256")
                .map(DeclaredPayload::parse)
                .orElse(DeclaredPayload.NOTHING);
        if (VerifiedBody.needsSignatures(payload)) {
            throw new S3Exception(S3Error.INVALID_REQUEST, "Signed chunks need a request signed with AWS4-HMAC-SHA256");
        }
        RequestBody body = VerifiedBody.of(request.body(), headers, payload, Optional.empty());
        return new Authenticated(Caller.ANONYMOUS, request.withBody(body));
    }

    private Ec2Credential resolve(
            SignedProof proof, Optional<SignedProof> otherwise, Optional<String> canonicalRequest) {
        Resolution resolution = resolver.resolve(proof);
        if (otherwise.isPresent()
                && resolution instanceof Refused refused
                && refused.reason() == Reason.SIGNATURE_MISMATCH) {
            resolution = resolver.resolve(otherwise.get());
        }
        if (resolution instanceof Granted granted) {
            return granted.credential();
        }
        if (resolution instanceof Refused refused) {
            throw refusal(proof, canonicalRequest, refused)
                    .because("access key " + proof.accessKey() + ": " + refused.detail());
        }
        throw outage((Unavailable) resolution);
    }

    private static S3Exception refusal(SignedProof proof, Optional<String> canonicalRequest, Refused refused) {
        return switch (refused.reason()) {
            case UNKNOWN_ACCESS_KEY ->
                new S3Exception(S3Error.INVALID_ACCESS_KEY_ID).with("AWSAccessKeyId", proof.accessKey());
            case SIGNATURE_MISMATCH -> mismatch(proof, canonicalRequest);
            case NOT_AUTHORISED -> new S3Exception(S3Error.ACCESS_DENIED);
            case FORM_NOT_SUPPORTED ->
                new S3Exception(
                        S3Error.NOT_IMPLEMENTED,
                        "This service cannot check this form of signature for your access key; please sign the"
                                + " Authorization header with AWS4-HMAC-SHA256 for the service s3");
        };
    }

    /** Shows the client what it should have signed, without the values of {@link SecretFields}. */
    private static S3Exception mismatch(SignedProof proof, Optional<String> canonicalRequest) {
        String stringToSign = SecretFields.masked(proof.stringToSign());
        S3Exception mismatch = new S3Exception(S3Error.SIGNATURE_DOES_NOT_MATCH)
                .with("AWSAccessKeyId", proof.accessKey())
                .with("StringToSign", text(stringToSign))
                .with("SignatureProvided", proof.signature())
                .with("StringToSignBytes", hexBytes(stringToSign));
        canonicalRequest
                .map(SecretFields::masked)
                .ifPresent(canonical -> mismatch.with("CanonicalRequest", text(canonical))
                        .with("CanonicalRequestBytes", hexBytes(canonical)));
        return mismatch;
    }

    private static S3Exception outage(Unavailable unavailable) {
        S3Error error = unavailable.outage() == Outage.OVERLOADED ? S3Error.SLOW_DOWN : S3Error.SERVICE_UNAVAILABLE;
        // Only in the access log: a client could produce any number of other log lines with made-up keys.
        return new S3Exception(error)
                .because("credentials cannot be checked: " + unavailable.detail())
                .header(
                        "Retry-After",
                        Long.toString(Math.max(1, unavailable.retryAfter().toSeconds())));
    }

    private static ChunkSignatures chunkSignatures(SignedClaim claim, Ec2Credential credential) {
        if (!(claim.proof() instanceof SignedProof.V4 proof)) {
            throw new S3Exception(S3Error.INVALID_REQUEST, "Signed chunks need a request signed with AWS4-HMAC-SHA256");
        }
        byte[] signingKey = credential
                .secret()
                .map(proof.scope()::signingKey)
                .orElseThrow(() -> new S3Exception(
                        S3Error.NOT_IMPLEMENTED,
                        "This service holds no secret for your access key and cannot check chunk signatures; please"
                                + " send UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER or the payload's hash"));
        CredentialScope scope = new CredentialScope(
                proof.scope().date(), proof.scope().region(), proof.scope().service());
        return new ChunkSignatures(signingKey, claim.timestamp().orElseThrow(), scope, proof.signature());
    }

    private static Caller callerOf(Ec2Credential credential) {
        KeystoneIdentity identity = credential.identity();
        return new Caller(
                new Owner(identity.project().id(), identity.project().name()),
                new Owner(identity.user().id(), identity.user().name()),
                identity.user().domainId(),
                identity.roles(),
                Optional.of(credential.accessKey()));
    }

    private static String bytewise(String text) {
        return new String(text.getBytes(UTF_8), ISO_8859_1);
    }

    private static String text(String bytewise) {
        return new String(bytewise.getBytes(ISO_8859_1), UTF_8);
    }

    /** Hexadecimal pairs separated by spaces, as AWS writes them. */
    private static String hexBytes(String bytewise) {
        StringJoiner hex = new StringJoiner(" ");
        for (byte b : bytewise.getBytes(ISO_8859_1)) {
            hex.add(HexFormat.of().toHexDigits(b));
        }
        return hex.toString();
    }
}
