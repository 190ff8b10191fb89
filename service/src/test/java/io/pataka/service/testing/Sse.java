package io.pataka.service.testing;

import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.codec.digest.DigestUtils;

/** The ways to encrypt an object, and the headers that clients send for them. */
public enum Sse {
    NONE(Map.of()),
    S3(Map.of("x-amz-server-side-encryption", "AES256")),
    KMS(kms("testkey-1")),
    OTHER_KMS(kms("testkey-2")),
    CUSTOMER(customer("x-amz-server-side-encryption-customer-", (byte) 1)),
    OTHER_CUSTOMER(customer("x-amz-server-side-encryption-customer-", (byte) 2));

    private final Map<String, String> ofWrite;

    Sse(Map<String, String> ofWrite) {
        this.ofWrite = ofWrite;
    }

    private static Map<String, String> kms(String key) {
        return Map.of("x-amz-server-side-encryption", "aws:kms", "x-amz-server-side-encryption-aws-kms-key-id", key);
    }

    private static Map<String, String> customer(String prefix, byte of) {
        byte[] key = new byte[32];
        Arrays.fill(key, of);
        Base64.Encoder base64 = Base64.getEncoder();
        return Map.of(
                prefix + "algorithm",
                "AES256",
                prefix + "key",
                base64.encodeToString(key),
                prefix + "key-md5",
                base64.encodeToString(DigestUtils.md5(key)));
    }

    /** Whether the client has the key. */
    public boolean isCustomers() {
        return this == CUSTOMER || this == OTHER_CUSTOMER;
    }

    /** Whether the key manager has the key. */
    public boolean isKms() {
        return this == KMS || this == OTHER_KMS;
    }

    /** The headers of a request that makes an object or an upload. */
    public Map<String, String> write() {
        return ofWrite;
    }

    /** The headers of a request that reads the object, or adds a part to the upload. */
    public Map<String, String> use() {
        return isCustomers() ? ofWrite : Map.of();
    }

    /** The headers of a request that copies from the object. */
    public Map<String, String> source() {
        return switch (this) {
            case CUSTOMER -> customer("x-amz-copy-source-server-side-encryption-customer-", (byte) 1);
            case OTHER_CUSTOMER -> customer("x-amz-copy-source-server-side-encryption-customer-", (byte) 2);
            default -> Map.of();
        };
    }

    /** The headers of answers about the object. The name of the last one is spelled as Amazon does. */
    public Map<String, String> answer() {
        if (!isCustomers()) {
            return ofWrite;
        }
        Map<String, String> headers = new LinkedHashMap<>(ofWrite);
        headers.remove("x-amz-server-side-encryption-customer-key");
        String md5 = headers.remove("x-amz-server-side-encryption-customer-key-md5");
        headers.put("x-amz-server-side-encryption-customer-key-MD5", md5);
        return headers;
    }

    /** These headers and others. */
    @SafeVarargs
    public static Map<String, String> all(Map<String, String>... parts) {
        Map<String, String> all = new LinkedHashMap<>();
        for (Map<String, String> part : parts) {
            all.putAll(part);
        }
        return all;
    }
}
