package io.pataka.service.operation.encryption;

import io.pataka.service.protocol.EncryptionHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.xml.XmlElement;
import java.util.Optional;

/**
 * The key that an object is to have.
 *
 * @param keyId an ARN, or the id of a key of the key manager
 */
record WantedKey(String keyId, boolean bucketKey) {

    private static final String ROOT = "ObjectEncryption";
    private static final String KMS = "SSE-KMS";
    private static final String KEY = "KMSKeyArn";
    private static final String BUCKET_KEY = "BucketKeyEnabled";

    /**
     * Reads {@code <ObjectEncryption>}.
     *
     * @throws S3Exception MalformedXML; InvalidRequest, with Amazon's messages, for another mode than SSE-KMS and for a key that cannot be
     *     one
     */
    static WantedKey read(byte[] document) {
        XmlElement root = XmlElement.parse(document, ROOT);
        if (root.first("SSE-C").isPresent() || root.first("DSSE-KMS").isPresent()) {
            throw invalid(
                    "The UpdateObjectEncryption operation doesn't support updating the encryption type to DSSE-KMS or"
                            + " SSE-C. Modify the request to specify SSE-KMS for the updated encryption type, and then try again.");
        }
        if (root.first(KMS).isEmpty()) {
            throw invalid(
                    "Requests that modify an object encryption configuration require a valid new encryption type. Valid"
                            + " values are SSEKMS. Modify the request to specify SSE-KMS for the updated encryption type, and then"
                            + " try again.");
        }
        XmlElement kms =
                root.only(KMS).once(KMS).required(KMS).only(KEY, BUCKET_KEY).once(KEY, BUCKET_KEY);
        return new WantedKey(keyId(kms.textOf(KEY).map(String::strip)), bucketKey(kms));
    }

    private static String keyId(Optional<String> text) {
        String keyId = text.filter(sent -> !sent.isEmpty())
                .orElseThrow(
                        () -> invalid(
                                "Requests that modify an object's encryption type to SSE-KMS require an AWS KMS key"
                                        + " Amazon Resource Name (ARN). Modify the request to specify a KMS key ARN, and then try again."));
        try {
            EncryptionHeaders.requireKeyIdText(keyId);
        } catch (S3Exception cannotBeOne) {
            throw invalid(
                    "Requests that modify an object's encryption type to SSE-KMS require a valid AWS KMS key Amazon"
                            + " Resource Name (ARN). Confirm that you have a correctly formatted KMS key ARN in your request, and"
                            + " then try again.");
        }
        return keyId;
    }

    private static boolean bucketKey(XmlElement kms) {
        return switch (kms.textOf(BUCKET_KEY).map(String::strip).orElse("false")) {
            case "true" -> true;
            case "false" -> false;
            default ->
                throw invalid(
                        "The BucketKeyEnabled value isn't valid. Valid values are true or false. Modify the request to"
                                + " specify a valid value, and then try again.");
        };
    }

    private static S3Exception invalid(String message) {
        return new S3Exception(S3Error.INVALID_REQUEST, message);
    }
}
