package io.pataka.service.operation;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A kind of configuration that a bucket has at most one of, with the rules of the operations that get, put and delete it. Amazon's
 * operations on such configurations differ in nothing else, so they have no classes of their own.
 *
 * @param maxLength the most bytes that a client may send
 * @param absent what a bucket without the configuration answers: a default, or an exception
 * @param putAnswer the answer to a client that has set the configuration
 * @param <T> the configuration
 */
public record BucketDocument<T>(
        DocumentKind kind,
        DocumentCodec<T> codec,
        int maxLength,
        Function<BucketName, T> absent,
        Supplier<S3Response> putAnswer,
        Guard<T> guard) {

    public BucketDocument {
        Objects.requireNonNull(kind);
        Objects.requireNonNull(codec);
        Objects.requireNonNull(absent);
        Objects.requireNonNull(putAnswer);
        Objects.requireNonNull(guard);
    }

    /** Conditions beyond those of admission. */
    public interface Guard<T> {

        /**
         * Asked before a configuration is read, set or deleted.
         *
         * @throws S3Exception when the caller may not
         */
        default void require(AdmittedCall call) {}

        /**
         * Asked before a configuration is set.
         *
         * @throws S3Exception when the bucket or the caller does not allow this configuration
         */
        default void check(T wanted, AdmittedCall call) {}
    }

    /** A configuration without a guard, whose PUT answers 200. */
    public static <T> BucketDocument<T> of(
            DocumentKind kind, DocumentCodec<T> codec, int maxLength, Function<BucketName, T> absent) {
        return new BucketDocument<>(kind, codec, maxLength, absent, S3Response::ok, new Guard<>() {});
    }

    /** For {@link #absent}: a bucket without the configuration answers an error. */
    public static <T> Function<BucketName, T> error(S3Error error) {
        return bucket -> {
            throw new S3Exception(error).with("BucketName", bucket.text());
        };
    }

    /** The same configuration, whose PUT answers 204. */
    public BucketDocument<T> answeringNoContent() {
        return new BucketDocument<>(kind, codec, maxLength, absent, S3Response::noContent, guard);
    }

    /** The same configuration with a guard. */
    public BucketDocument<T> guardedBy(Guard<T> other) {
        return new BucketDocument<>(kind, codec, maxLength, absent, putAnswer, other);
    }

    /** The operation that answers the configuration of a bucket. */
    public Operation get(BucketCatalog buckets) {
        return new GetBucketDocument<>(this, buckets);
    }

    /** The operation that sets the configuration of a bucket, in place of the one that it had. */
    public Operation put(BucketCatalog buckets) {
        return new PutBucketDocument<>(this, buckets);
    }

    /** The operation that deletes the configuration of a bucket; it succeeds where there is none. */
    public Operation delete(BucketCatalog buckets) {
        return new DeleteBucketDocument<>(this, buckets);
    }
}
