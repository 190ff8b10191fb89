package io.pataka.service.operation.object;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.pataka.service.access.Access;
import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.OnceToken;
import io.pataka.service.metadata.ObjectIndex.Publication;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.objects.BucketRetry;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.Refusals;
import io.pataka.service.protocol.Conditions;
import io.pataka.service.protocol.CopySource;
import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.WriteConditions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Gives an object another key of its bucket, at once and with all that is known of it. Amazon has it for directory buckets;
 * here every bucket has it that never had versioning. A renaming with a client token, which SDKs make up for each call, may be
 * repeated within a day without doing anything again.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_RenameObject.html">AWS: RenameObject</a>
 */
final class RenameObject implements Operation {

    private static final String SOURCE = "x-amz-rename-source";
    private static final String TOKEN = "x-amz-client-token";
    private static final Pattern TOKEN_FORM = Pattern.compile("[!-~]{1,64}");
    private static final List<String> CONDITIONS = List.of(
            "if-match",
            "if-none-match",
            "if-modified-since",
            "if-unmodified-since",
            "x-amz-rename-source-if-match",
            "x-amz-rename-source-if-none-match",
            "x-amz-rename-source-if-modified-since",
            "x-amz-rename-source-if-unmodified-since");

    private final ObjectIndex index;
    private final BucketRetry retry;

    RenameObject(ObjectIndex index, BucketRetry retry) {
        this.index = index;
        this.retry = retry;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        ObjectKey from = source(call);
        WriteCondition condition = WriteConditions.of(call.headers());
        call.require(
                Access.to(S3Operation.DELETE_OBJECT.access(), call.bucket()).key(from));
        UnversionedBucket.require(call.bucket());
        Optional<OnceToken> once = once(call, from);
        if (once.isPresent() && isDone(call, once.get())) {
            return S3Response.ok();
        }
        ObjectVersion object = index.current(call.bucket(), from).orElseThrow(() -> missing(call, from));
        call.require(Access.to(S3Operation.GET_OBJECT.access(), call.bucket()).object(object));
        Conditions conditions = Conditions.ofRenameSource(call.headers(), call.now());
        if (conditions.judge(object.etag(), object.lastModified()) == Conditions.Verdict.NOT_MODIFIED) {
            throw conditions.unmet(conditions.ifNoneMatch().isPresent() ? "If-None-Match" : "If-Modified-Since");
        }
        Publication outcome = retry.withBucket(
                call.bucket(),
                bucket -> index.rename(
                        UnversionedBucket.require(bucket),
                        object,
                        call.key(),
                        condition,
                        once,
                        call.permit().change(bucket, Kind.RENAME)),
                Publication.Refused::new);
        return outcome.fold(renamed -> S3Response.ok(), refusal -> {
            throw Refusals.error(refusal, call, condition);
        });
    }

    /**
     * @throws S3Exception IdempotencyParameterMismatch when another renaming had the token
     */
    private boolean isDone(AdmittedCall call, OnceToken once) {
        Optional<OnceToken> done = index.renamed(call.bucket(), once.token());
        if (done.isPresent() && !done.get().equals(once)) {
            throw new S3Exception(S3Error.IDEMPOTENCY_PARAMETER_MISMATCH);
        }
        return done.isPresent();
    }

    /**
     * @throws S3Exception InvalidArgument for a token that cannot be one
     */
    private static Optional<OnceToken> once(AdmittedCall call, ObjectKey from) {
        Optional<String> token = call.headers().first(TOKEN);
        if (token.isPresent() && !TOKEN_FORM.matcher(token.get()).matches()) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "The client token is not valid")
                    .argument(TOKEN, token.get());
        }
        return token.map(text -> new OnceToken(text, digest(call, from)));
    }

    private static String digest(AdmittedCall call, ObjectKey from) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(call.caller().account().id().getBytes(UTF_8));
            for (ObjectKey key : List.of(from, call.key())) {
                digest.update((byte) '\n');
                digest.update(PercentCoding.encode(key.bytes()).getBytes(US_ASCII));
            }
            for (String condition : CONDITIONS) {
                digest.update((byte) '\n');
                digest.update(call.headers().first(condition).orElse("").getBytes(UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static S3Exception missing(AdmittedCall call, ObjectKey key) {
        return call.mayList()
                ? new S3Exception(S3Error.NO_SUCH_KEY).with("Key", key.toString())
                : new S3Exception(S3Error.ACCESS_DENIED);
    }

    private static ObjectKey source(AdmittedCall call) {
        CopySource source =
                CopySource.parse(SOURCE, call.headers().first(SOURCE).orElse(""));
        if (!source.bucket().equals(call.bucketName())) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST, "The source and the destination of a renaming must be in one bucket.");
        }
        if (source.versionId().isPresent() || source.key().equals(call.key())) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST, "The source of a renaming must be another key, without a version.");
        }
        if (endsInASlash(source.key()) || endsInASlash(call.key())) {
            throw new S3Exception(S3Error.INVALID_REQUEST, "A key that ends with a slash cannot be renamed.");
        }
        return source.key();
    }

    private static boolean endsInASlash(ObjectKey key) {
        return new String(key.bytes(), ISO_8859_1).endsWith("/");
    }
}
