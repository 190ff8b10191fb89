package io.pataka.service.auth;

import io.pataka.service.model.Caller;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Request;
import io.pataka.service.protocol.form.PostForm;
import io.pataka.service.protocol.form.PostPolicy;
import io.pataka.service.protocol.form.SizeRange;
import io.pataka.service.signature.PostPolicySignature;
import java.io.IOException;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;

/**
 * Authenticates a browser's form. It reads the fields, and no byte of the file. The caller of a form with a policy is the
 * signer of the policy, and the policy must allow the upload. The caller of any other form is the sender of the request.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html">AWS: POST
 *     authentication</a>
 */
public final class PostFormAuthenticator {

    private final Authenticator authenticator;
    private final Clock clock;

    public PostFormAuthenticator(Authenticator authenticator, Clock clock) {
        this.authenticator = Objects.requireNonNull(authenticator);
        this.clock = Objects.requireNonNull(clock);
    }

    /**
     * @param sender the caller of the request that brought the form
     * @return the request with the key and the headers that the form stands for, and the file as its body, which checks its
     *     size against the policy while it is read
     * @throws S3Exception for a form that cannot be read, a policy that does not allow it, and as {@link Authenticator}
     * @throws IOException when the client goes away
     */
    public Authenticated authenticate(Authenticated sender) throws IOException {
        PostForm form = PostForm.read(sender.request());
        if (form.fields().has("x-amz-security-token")) {
            throw new S3Exception(S3Error.INVALID_TOKEN);
        }
        form.key();
        Optional<PostPolicySignature> signature =
                PostPolicySignature.of(form.fields().asMap());
        if (signature.isEmpty()) {
            return new Authenticated(sender.caller(), form.asPut(sender.request(), SizeRange.ANY));
        }
        if (!sender.caller().isAnonymous()) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "Only one auth mechanism allowed")
                    .with("ArgumentName", "Authorization");
        }
        // As Amazon does: the signature is checked before the policy is.
        Caller signer = authenticator.authenticate(signature.get());
        PostPolicy policy = PostPolicy.parse(signature.get().policy());
        S3Request put = form.asPut(sender.request(), policy.sizes());
        policy.require(sender.request().bucket().orElseThrow(), form.fields(), clock.instant());
        return new Authenticated(signer, put);
    }
}
