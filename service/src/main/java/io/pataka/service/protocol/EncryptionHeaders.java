package io.pataka.service.protocol;

import io.pataka.service.model.CustomerKey;
import io.pataka.service.model.EncryptionChoice;
import io.pataka.service.model.EncryptionMode;
import io.pataka.service.model.Envelope;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The headers of encryption by the server, in requests and answers.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html">AWS: server-side encryption</a>
 */
public final class EncryptionHeaders {

    private static final String SSE = "x-amz-server-side-encryption";
    private static final String KEY_ID = SSE + "-aws-kms-key-id";
    private static final String CONTEXT = SSE + "-context";
    private static final String BUCKET_KEY = SSE + "-bucket-key-enabled";
    private static final String CUSTOMER = SSE + "-customer-";
    private static final String SOURCE_CUSTOMER = "x-amz-copy-source-server-side-encryption-customer-";
    private static final String AES256 = "AES256";
    private static final String KMS = "aws:kms";

    private EncryptionHeaders() {}

    /**
     * What the writer of a new object asks for; empty when the request has none of these headers.
     *
     * @throws S3Exception InvalidArgument or InvalidEncryptionAlgorithmError
     */
    public static Optional<EncryptionChoice> choice(RequestHeaders headers) {
        Optional<CustomerKey> customer = customerKey(headers);
        Optional<String> mode = headers.first(SSE);
        if (customer.isPresent()) {
            if (mode.isPresent()) {
                throw invalid(
                        "Server Side Encryption with Customer provided key is incompatible with the encryption method"
                                + " specified",
                        SSE,
                        mode.get());
            }
            return Optional.of(new EncryptionChoice.Customer(customer.get()));
        }
        Optional<String> keyId = headers.first(KEY_ID);
        if (mode.isEmpty()) {
            keyId.ifPresent(id -> {
                throw withoutKms(SSE, "");
            });
            return Optional.empty();
        }
        return Optional.of(
                switch (mode.get()) {
                    case AES256 -> {
                        keyId.ifPresent(id -> {
                            throw withoutKms(KEY_ID, id);
                        });
                        yield new EncryptionChoice.S3();
                    }
                    case KMS ->
                        new EncryptionChoice.Kms(
                                keyId.orElse(""),
                                headers.first(CONTEXT),
                                headers.first(BUCKET_KEY)
                                        .filter("true"::equalsIgnoreCase)
                                        .isPresent());
                    default -> throw withoutKms(SSE, mode.get());
                });
    }

    private static S3Exception withoutKms(String name, String value) {
        return invalid(
                "Server Side Encryption with KMS managed key requires HTTP header x-amz-server-side-encryption : aws:kms"
                        + " or AES256",
                name,
                value);
    }

    /** The customer's key of a request; empty when it has none of the three headers. */
    public static Optional<CustomerKey> customerKey(RequestHeaders headers) {
        return customerKey(headers, CUSTOMER);
    }

    /** The customer's key of the source of a copy. */
    public static Optional<CustomerKey> sourceKey(RequestHeaders headers) {
        return customerKey(headers, SOURCE_CUSTOMER);
    }

    private static Optional<CustomerKey> customerKey(RequestHeaders headers, String prefix) {
        Optional<String> algorithm = headers.first(prefix + "algorithm");
        Optional<String> key = headers.first(prefix + "key");
        Optional<String> md5 = headers.first(prefix + "key-md5");
        if (algorithm.isEmpty() && key.isEmpty() && md5.isEmpty()) {
            return Optional.empty();
        }
        String who = "Requests specifying Server Side Encryption with Customer provided keys must provide ";
        if (algorithm.isEmpty()) {
            throw invalid(who + "a valid encryption algorithm.", prefix + "algorithm", "");
        }
        if (!algorithm.get().equals(AES256)) {
            throw new S3Exception(S3Error.INVALID_ENCRYPTION_ALGORITHM).argument(prefix + "algorithm", algorithm.get());
        }
        CustomerKey customer = key.flatMap(EncryptionHeaders::decoded)
                .filter(bytes -> bytes.length == CustomerKey.LENGTH)
                .map(CustomerKey::new)
                .orElseThrow(() -> new S3Exception(S3Error.INVALID_ARGUMENT, who + "an appropriate secret key."));
        byte[] digest = md5.flatMap(EncryptionHeaders::decoded)
                .orElseThrow(() -> new S3Exception(
                        S3Error.INVALID_ARGUMENT, who + "the client calculated MD5 of the secret key."));
        if (!MessageDigest.isEqual(digest, Base64.getDecoder().decode(customer.md5()))) {
            throw otherKey();
        }
        return Optional.of(customer);
    }

    /** The error of a key that is not the one of the version, or whose MD5 is not the one sent. */
    public static S3Exception otherKey() {
        return new S3Exception(
                S3Error.INVALID_ARGUMENT,
                "The calculated MD5 hash of the key did not match the hash that was provided.");
    }

    private static Optional<byte[]> decoded(String base64) {
        try {
            return Optional.of(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException notBase64) {
            return Optional.empty();
        }
    }

    private static S3Exception invalid(String message, String name, String value) {
        return new S3Exception(S3Error.INVALID_ARGUMENT, message).argument(name, value);
    }

    /**
     * The headers of an answer.
     *
     * @param key of the request, whose MD5 an answer about a version with SSE-C returns
     */
    public static Map<String, String> ofAnswer(Envelope envelope, Optional<CustomerKey> key) {
        Map<String, String> headers = new LinkedHashMap<>();
        if (envelope.mode() == EncryptionMode.CUSTOMER) {
            key.ifPresent(sent -> {
                headers.put(CUSTOMER + "algorithm", AES256);
                headers.put(CUSTOMER + "key-MD5", sent.md5());
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
}
