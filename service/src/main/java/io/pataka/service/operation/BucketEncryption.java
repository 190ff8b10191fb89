package io.pataka.service.operation;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.EncryptionChoice;
import java.util.Objects;
import java.util.Optional;

/**
 * What a bucket says of the encryption of new objects.
 *
 * @param mode of objects whose writers name none; empty when the bucket does not say
 * @param keyId of SSE-KMS; empty when the bucket names no key
 * @param bucketKey returned as it was set
 * @param blocksCustomerKeys whether new objects with SSE-C are refused; empty when the bucket does not say, which allows them
 */
public record BucketEncryption(
        Optional<Mode> mode, Optional<String> keyId, boolean bucketKey, Optional<Boolean> blocksCustomerKeys) {

    /** Of a bucket without a configuration. */
    public static final BucketEncryption NONE =
            new BucketEncryption(Optional.empty(), Optional.empty(), false, Optional.empty());

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();
    private static final ObjectReader READER = MAPPER.readerFor(Stored.class);
    private static final ObjectWriter WRITER = MAPPER.writerFor(Stored.class);

    public BucketEncryption {
        Objects.requireNonNull(mode);
        Objects.requireNonNull(keyId);
        Objects.requireNonNull(blocksCustomerKeys);
    }

    /** A mode that a bucket can name. */
    public enum Mode {
        S3,
        KMS
    }

    /** A configuration that says nothing but a choice. */
    static BucketEncryption of(EncryptionChoice choice) {
        return choice instanceof EncryptionChoice.Kms kms
                ? new BucketEncryption(
                        Optional.of(Mode.KMS), Optional.of(kms.keyId()), kms.bucketKey(), Optional.empty())
                : new BucketEncryption(Optional.of(Mode.S3), Optional.empty(), false, Optional.empty());
    }

    /** What the bucket says now. */
    static BucketEncryption of(Bucket bucket, BucketCatalog buckets) {
        return buckets.document(bucket, DocumentKind.ENCRYPTION)
                .map(BucketEncryption::ofJson)
                .orElse(NONE);
    }

    /** The choice for objects whose writers make none. */
    Optional<EncryptionChoice> standard() {
        return mode.map(named -> switch (named) {
            case S3 -> new EncryptionChoice.S3();
            case KMS -> new EncryptionChoice.Kms(keyId.orElse(""), Optional.empty(), bucketKey);
        });
    }

    boolean refusesCustomerKeys() {
        return blocksCustomerKeys.orElse(false);
    }

    /** As it is stored. */
    private record Stored(Mode mode, String key, Boolean bucketKey, Boolean blocksCustomerKeys) {}

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws IllegalStateException for any other text
     */
    public static BucketEncryption ofJson(String document) {
        try {
            Stored stored = READER.readValue(document);
            return new BucketEncryption(
                    Optional.ofNullable(stored.mode()),
                    Optional.ofNullable(stored.key()),
                    stored.bucketKey() != null && stored.bucketKey(),
                    Optional.ofNullable(stored.blocksCustomerKeys()));
        } catch (JsonProcessingException notOurs) {
            throw new IllegalStateException("not a bucket's encryption", notOurs);
        }
    }

    /** For the document. */
    public String toJson() {
        try {
            return WRITER.writeValueAsString(new Stored(
                    mode.orElse(null), keyId.orElse(null), bucketKey ? true : null, blocksCustomerKeys.orElse(null)));
        } catch (JsonProcessingException cannotHappen) {
            throw new IllegalStateException(cannotHappen);
        }
    }
}
