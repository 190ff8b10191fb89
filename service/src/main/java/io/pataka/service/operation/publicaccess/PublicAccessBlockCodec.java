package io.pataka.service.operation.publicaccess;

import io.pataka.service.access.PublicAccessBlock;
import io.pataka.service.operation.DocumentCodec;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.xml.XmlElement;
import io.pataka.service.protocol.xml.XmlWriter;

/**
 * The forms of a public access block: XML for clients, JSON in the database.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_PublicAccessBlockConfiguration.html">AWS:
 *     PublicAccessBlockConfiguration</a>
 */
final class PublicAccessBlockCodec implements DocumentCodec<PublicAccessBlock> {

    /** The most bytes of a document. */
    static final int MAX_DOCUMENT = 4096;

    private static final String ROOT = "PublicAccessBlockConfiguration";

    private static final String[] FLAGS = {
        "BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"
    };

    /**
     * Reads a document; a flag that is not there is off.
     *
     * @throws S3Exception MalformedXML
     */
    @Override
    public PublicAccessBlock read(byte[] document) {
        XmlElement root = XmlElement.parse(document, ROOT).only(FLAGS).once(FLAGS);
        return new PublicAccessBlock(
                flag(root, "BlockPublicAcls"),
                flag(root, "IgnorePublicAcls"),
                flag(root, "BlockPublicPolicy"),
                flag(root, "RestrictPublicBuckets"));
    }

    private static boolean flag(XmlElement root, String name) {
        return switch (root.textOf(name).orElse("false").strip()) {
            case "true", "TRUE", "True", "1" -> true;
            case "false", "FALSE", "False", "0" -> false;
            default -> throw new S3Exception(S3Error.MALFORMED_XML);
        };
    }

    @Override
    public byte[] write(PublicAccessBlock block) {
        return XmlWriter.document(ROOT)
                .leaf("BlockPublicAcls", block.blockPublicAcls())
                .leaf("IgnorePublicAcls", block.ignorePublicAcls())
                .leaf("BlockPublicPolicy", block.blockPublicPolicy())
                .leaf("RestrictPublicBuckets", block.restrictPublicBuckets())
                .toBytes();
    }

    @Override
    public String store(PublicAccessBlock block) {
        return block.toJson();
    }

    @Override
    public PublicAccessBlock load(String stored) {
        return PublicAccessBlock.ofJson(stored);
    }
}
