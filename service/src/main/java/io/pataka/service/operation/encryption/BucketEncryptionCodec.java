package io.pataka.service.operation.encryption;

import io.pataka.service.operation.BucketEncryption;
import io.pataka.service.operation.BucketEncryption.Mode;
import io.pataka.service.operation.DocumentCodec;
import io.pataka.service.protocol.EncryptionHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.protocol.xml.XmlWriter;
import java.util.List;
import java.util.Optional;

/**
 * The forms of a bucket's encryption: XML for clients, JSON in the database. A key is not looked up, as with Amazon.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_ServerSideEncryptionRule.html">AWS: ServerSideEncryptionRule</a>
 */
final class BucketEncryptionCodec implements DocumentCodec<BucketEncryption> {

    private static final String ROOT = "ServerSideEncryptionConfiguration";
    private static final String RULE = "Rule";
    private static final String STANDARD = "ApplyServerSideEncryptionByDefault";
    private static final String ALGORITHM = "SSEAlgorithm";
    private static final String KEY_ID = "KMSMasterKeyID";
    private static final String BUCKET_KEY = "BucketKeyEnabled";
    private static final String BLOCKED = "BlockedEncryptionTypes";
    private static final String TYPE = "EncryptionType";
    private static final String CUSTOMER_KEYS = "SSE-C";
    private static final String NOTHING = "NONE";

    /**
     * Reads a document with one rule, which has a default, blocked types, or both.
     *
     * @throws S3Exception MalformedXML; InvalidArgument for a key without SSE-KMS; NotImplemented for two layers of encryption
     */
    @Override
    public BucketEncryption read(byte[] sent) {
        XmlElement rule = XmlElement.parse(sent, ROOT).only(RULE).once(RULE).required(RULE);
        rule.only(STANDARD, BUCKET_KEY, BLOCKED).once(STANDARD, BUCKET_KEY, BLOCKED);
        Optional<XmlElement> standard = rule.first(STANDARD);
        Optional<XmlElement> blocked = rule.first(BLOCKED);
        if (standard.isEmpty() && blocked.isEmpty()) {
            throw malformed();
        }
        Optional<Mode> mode = standard.map(BucketEncryptionCodec::mode);
        Optional<String> keyId =
                standard.flatMap(element -> element.textOf(KEY_ID)).map(String::strip);
        if (keyId.isPresent()) {
            requireKeyOfKms(mode, keyId.get());
        }
        return new BucketEncryption(
                mode,
                keyId,
                rule.textOf(BUCKET_KEY).map(BucketEncryptionCodec::flag).orElse(false),
                blocked.map(BucketEncryptionCodec::blocksCustomerKeys));
    }

    private static Mode mode(XmlElement standard) {
        return switch (standard.only(ALGORITHM, KEY_ID)
                .once(ALGORITHM, KEY_ID)
                .requiredText(ALGORITHM)
                .strip()) {
            case "AES256" -> Mode.S3;
            case "aws:kms" -> Mode.KMS;
            case "aws:kms:dsse" -> throw new S3Exception(S3Error.NOT_IMPLEMENTED).with("Element", ALGORITHM);
            default -> throw malformed();
        };
    }

    private static void requireKeyOfKms(Optional<Mode> mode, String keyId) {
        if (!mode.equals(Optional.of(Mode.KMS))) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms or"
                                    + " aws:kms:dsse")
                    .with("ArgumentName", STANDARD);
        }
        EncryptionHeaders.requireKeyIdText(keyId);
    }

    private static boolean flag(String text) {
        return switch (text.strip()) {
            case "true", "TRUE", "True", "1" -> true;
            case "false", "FALSE", "False", "0" -> false;
            default -> throw malformed();
        };
    }

    private static boolean blocksCustomerKeys(XmlElement blocked) {
        List<String> types = blocked.only(TYPE).all(TYPE).stream()
                .map(type -> type.text().strip())
                .distinct()
                .toList();
        if (types.equals(List.of(CUSTOMER_KEYS))) {
            return true;
        }
        if (types.equals(List.of(NOTHING))) {
            return false;
        }
        throw malformed();
    }

    private static S3Exception malformed() {
        return new S3Exception(S3Error.MALFORMED_XML);
    }

    @Override
    public byte[] write(BucketEncryption encryption) {
        XmlWriter xml = XmlWriter.document(ROOT).open(RULE);
        encryption.mode().ifPresent(mode -> {
            xml.open(STANDARD).leaf(ALGORITHM, mode == Mode.KMS ? "aws:kms" : "AES256");
            encryption.keyId().ifPresent(keyId -> xml.leaf(KEY_ID, keyId));
            xml.close();
        });
        xml.leaf(BUCKET_KEY, encryption.bucketKey());
        encryption
                .blocksCustomerKeys()
                .ifPresent(blocks -> xml.open(BLOCKED)
                        .leaf(TYPE, blocks ? CUSTOMER_KEYS : NOTHING)
                        .close());
        return xml.close().toBytes();
    }

    @Override
    public String store(BucketEncryption encryption) {
        return encryption.toJson();
    }

    @Override
    public BucketEncryption load(String stored) {
        return BucketEncryption.ofJson(stored);
    }
}
