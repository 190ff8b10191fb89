package io.pataka.service.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.pataka.service.model.CustomerKey;
import io.pataka.service.model.EncryptionChoice;
import io.pataka.service.model.EncryptionMode;
import io.pataka.service.model.Envelope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The headers of encryption by the server, in requests and answers. Codes and messages of errors are those that Amazon answers; it gives
 * {@code x-amz-server-side-encryption} as the wrong argument whichever header is at fault.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html">AWS: server-side encryption</a>
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/specifying-s3-c-encryption.html">AWS: SSE-C</a>
 */
public final class EncryptionHeaders {

    /** The header that names the mode of a new object. */
    static final String SSE = "x-amz-server-side-encryption";

    private static final String KEY_ID = SSE + "-aws-kms-key-id";
    private static final String CONTEXT = SSE + "-context";
    private static final String BUCKET_KEY = SSE + "-bucket-key-enabled";
    private static final CustomerHeaders CUSTOMER = new CustomerHeaders(SSE + "-customer-");
    private static final CustomerHeaders SOURCE_CUSTOMER =
            new CustomerHeaders("x-amz-copy-source-server-side-encryption-customer-");
    private static final String AES256 = "AES256";
    private static final String KMS = "aws:kms";
    private static final String DOUBLE_KMS = "aws:kms:dsse";

    /** Amazon's limit for the id of a key. */
    /** Base64 of 6 KiB. All headers of an answer may have 32 KiB, and the answer to a write returns the context. */
    private static final int MAX_CONTEXT = 8 << 10;

    private static final Pattern KEY_ID_TEXT = Pattern.compile("[!-~]{1,2048}");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private EncryptionHeaders() {}

    /** The names of the three headers of a customer's key. */
    private record CustomerHeaders(String algorithm, String key, String md5) {

        CustomerHeaders(String prefix) {
            this(prefix + "algorithm", prefix + "key", prefix + "key-MD5");
        }

        boolean areIn(RequestHeaders headers) {
            return headers.has(algorithm) || headers.has(key) || headers.has(md5);
        }
    }

    /**
     * How a new object is to be encrypted; empty when neither its writer nor the standard says.
     *
     * @param standard of the bucket or of the service. It counts when the request names no mode and no customer's key. If the mode of
     *     both is SSE-KMS, the id of the key and the use of bucket keys are taken from it unless the request names them
     * @throws S3Exception InvalidArgument, InvalidEncryptionAlgorithmError or NotImplemented
     */
    public static Optional<EncryptionChoice> choice(RequestHeaders headers, Optional<EncryptionChoice> standard) {
        Optional<String> mode = headers.first(SSE);
        if (CUSTOMER.areIn(headers)) {
            if (mode.isPresent()) {
                throw invalid(
                        "Server Side Encryption with Customer provided key is incompatible with the encryption method"
                                + " specified",
                        mode.get());
            }
            requireNoHeaderOfKms(headers, "null");
            return customerKey(headers).map(EncryptionChoice.Customer::new);
        }
        Optional<EncryptionChoice> choice =
                mode.isPresent() ? Optional.of(named(mode.get(), headers, standard)) : unnamed(headers, standard);
        choice.ifPresent(EncryptionHeaders::requireKeyId);
        return choice;
    }

    private static EncryptionChoice named(String mode, RequestHeaders headers, Optional<EncryptionChoice> standard) {
        return switch (mode) {
            case AES256 -> {
                requireNoHeaderOfKms(headers, mode);
                yield new EncryptionChoice.S3();
            }
            case KMS -> kms(headers, ofKms(standard));
            case DOUBLE_KMS -> throw new S3Exception(S3Error.NOT_IMPLEMENTED).with("Header", SSE);
            default -> throw invalid("The encryption method specified is not supported", mode);
        };
    }

    private static Optional<EncryptionChoice> unnamed(RequestHeaders headers, Optional<EncryptionChoice> standard) {
        requireNoHeaderOfKms(headers, "null");
        Optional<EncryptionChoice.Kms> kms = ofKms(standard);
        return kms.isPresent() ? Optional.of(kms(headers, kms)) : standard;
    }

    private static Optional<EncryptionChoice.Kms> ofKms(Optional<EncryptionChoice> standard) {
        return standard.filter(EncryptionChoice.Kms.class::isInstance).map(EncryptionChoice.Kms.class::cast);
    }

    private static EncryptionChoice kms(RequestHeaders headers, Optional<EncryptionChoice.Kms> standard) {
        Optional<String> keyId = headers.first(KEY_ID).filter(id -> !id.isEmpty());
        keyId.ifPresent(EncryptionHeaders::requireKeyIdText);
        return new EncryptionChoice.Kms(
                keyId.or(() -> standard.map(EncryptionChoice.Kms::keyId)).orElse(""),
                context(headers),
                bucketKey(headers)
                        .or(() -> standard.map(EncryptionChoice.Kms::bucketKey))
                        .orElse(false));
    }

    private static void requireNoHeaderOfKms(RequestHeaders headers, String mode) {
        if (headers.has(KEY_ID) || headers.has(CONTEXT)) {
            throw invalid(
                    "Server Side Encryption with AWS KMS managed key requires HTTP header x-amz-server-side-encryption :"
                            + " aws:kms",
                    mode);
        }
    }

    /** Amazon has a key of its own for objects whose writer names none. There is no such key here, as with Ceph Gateway. */
    private static void requireKeyId(EncryptionChoice choice) {
        if (choice instanceof EncryptionChoice.Kms kms && kms.keyId().isEmpty()) {
            throw invalid(
                    "Server Side Encryption with KMS managed key requires HTTP header"
                            + " x-amz-server-side-encryption-aws-kms-key-id",
                    KMS);
        }
    }

    /**
     * Requires that a text can be the id of a key: 1 to 2048 visible characters of ASCII. Answers return it in a header.
     *
     * @throws S3Exception InvalidArgument
     */
    public static void requireKeyIdText(String keyId) {
        if (!KEY_ID_TEXT.matcher(keyId).matches()) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            "The id of an encryption key must have 1 to 2048 visible ASCII characters")
                    .with("ArgumentName", KEY_ID);
        }
    }

    private static Optional<String> context(RequestHeaders headers) {
        Optional<String> sent = headers.first(CONTEXT);
        if (sent.filter(text -> text.length() > MAX_CONTEXT).isPresent()) {
            // Without the text, which could fill a log.
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            "The header '" + CONTEXT + "' shall have at most " + MAX_CONTEXT + " characters")
                    .with("ArgumentName", CONTEXT);
        }
        if (sent.isPresent() && !isContext(sent.get())) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            "The header '" + CONTEXT
                                    + "' shall be Base64-encoded UTF-8 string holding JSON which represents"
                                    + " a string-string map")
                    .argument(CONTEXT, sent.get());
        }
        return sent;
    }

    private static boolean isContext(String base64) {
        try {
            byte[] json = Base64.getDecoder().decode(base64);
            UTF_8.newDecoder().decode(ByteBuffer.wrap(json));
            JsonNode map = JSON.readTree(json);
            return map.isObject()
                    && map.properties().stream()
                            .allMatch(pair -> pair.getValue().isTextual());
        } catch (IllegalArgumentException | IOException notAContext) {
            return false;
        }
    }

    private static Optional<Boolean> bucketKey(RequestHeaders headers) {
        return headers.first(BUCKET_KEY).map(text -> switch (text) {
            case "true", "True", "TRUE" -> true;
            case "false", "False", "FALSE" -> false;
            default ->
                throw new S3Exception(S3Error.INVALID_ARGUMENT, "The header '" + BUCKET_KEY + "' must be true or false")
                        .argument(BUCKET_KEY, text);
        });
    }

    /** Whether a request has one of the headers of a customer's key, for the object or for the source of a copy. */
    public static boolean hasAnyCustomerKey(RequestHeaders headers) {
        return CUSTOMER.areIn(headers) || SOURCE_CUSTOMER.areIn(headers);
    }

    /**
     * The customer's key of a request; empty when it has none of the three headers.
     *
     * @throws S3Exception InvalidArgument or InvalidEncryptionAlgorithmError, never with the key
     */
    public static Optional<CustomerKey> customerKey(RequestHeaders headers) {
        return customerKey(headers, CUSTOMER);
    }

    /** As {@link #customerKey}, of the source of a copy. */
    public static Optional<CustomerKey> sourceKey(RequestHeaders headers) {
        return customerKey(headers, SOURCE_CUSTOMER);
    }

    /** Checks in Amazon's order, which compares the MD5 before the length. */
    private static Optional<CustomerKey> customerKey(RequestHeaders headers, CustomerHeaders names) {
        if (!names.areIn(headers)) {
            return Optional.empty();
        }
        String algorithm =
                headers.first(names.algorithm()).orElseThrow(() -> incomplete("a valid encryption algorithm."));
        if (!algorithm.equals(AES256)) {
            throw new S3Exception(S3Error.INVALID_ENCRYPTION_ALGORITHM).argument(SSE, algorithm);
        }
        byte[] key = headers.first(names.key())
                .flatMap(EncryptionHeaders::decoded)
                .orElseThrow(() -> incomplete("an appropriate secret key."));
        byte[] md5 = headers.first(names.md5())
                .flatMap(EncryptionHeaders::decoded)
                .orElseThrow(() -> incomplete("the client calculated MD5 of the secret key."));
        if (!MessageDigest.isEqual(md5, CustomerKey.md5(key))) {
            throw invalid("The calculated MD5 hash of the key did not match the hash that was provided.", "null");
        }
        if (key.length != CustomerKey.LENGTH) {
            throw invalid("The secret key was invalid for the specified algorithm.", "null");
        }
        return Optional.of(new CustomerKey(key));
    }

    /**
     * The error of a customer's key that is not the one of the version or the upload. Amazon answers AccessDenied with this message;
     * ceph/s3-tests want status 400.
     */
    public static S3Exception otherKey() {
        return incomplete("the correct secret key.");
    }

    private static S3Exception incomplete(String missing) {
        return invalid(
                "Requests specifying Server Side Encryption with Customer provided keys must provide " + missing,
                "null");
    }

    private static Optional<byte[]> decoded(String base64) {
        try {
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static S3Exception invalid(String message, String value) {
        return new S3Exception(S3Error.INVALID_ARGUMENT, message).argument(SSE, value);
    }

    /**
     * The headers of an answer to a read, and to a request about an upload. The encryption context is not among them.
     *
     * @param key of the request, whose MD5 an answer about a version with SSE-C returns
     */
    public static Map<String, String> ofRead(Envelope envelope, Optional<CustomerKey> key) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (envelope.mode() == EncryptionMode.CUSTOMER) {
            key.ifPresent(sent -> {
                headers.put(CUSTOMER.algorithm(), AES256);
                headers.put(CUSTOMER.md5(), sent.md5());
            });
            return headers;
        }
        headers.put(SSE, envelope.mode() == EncryptionMode.KMS ? KMS : AES256);
        if (envelope.mode() == EncryptionMode.KMS) {
            headers.put(KEY_ID, envelope.keyId());
        }
        if (envelope.bucketKey()) {
            headers.put(BUCKET_KEY, "true");
        }
        return headers;
    }

    /** The headers of an answer to the write of an object, and to the beginning of an upload. */
    public static Map<String, String> ofWrite(Envelope envelope, Optional<CustomerKey> key) {
        Map<String, String> headers = ofRead(envelope, key);
        envelope.context().ifPresent(context -> headers.put(CONTEXT, context));
        return headers;
    }
}
