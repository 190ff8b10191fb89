package io.pataka.service.access;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * What is kept from the public, whatever ACLs and policies say.
 *
 * @param blockPublicAcls a request that would set a public ACL is refused
 * @param ignorePublicAcls grants to everyone and to all authenticated users count for nothing
 * @param blockPublicPolicy a policy that is public is refused
 * @param restrictPublicBuckets while the bucket's policy is public, it opens the bucket to the owner's own users only
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html">AWS: blocking
 *     public access</a>
 */
public record PublicAccessBlock(
        boolean blockPublicAcls, boolean ignorePublicAcls, boolean blockPublicPolicy, boolean restrictPublicBuckets) {

    /** Blocks nothing: what counts where none is set. */
    public static final PublicAccessBlock NONE = new PublicAccessBlock(false, false, false, false);

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();
    private static final ObjectReader READER = MAPPER.readerFor(PublicAccessBlock.class);
    private static final ObjectWriter WRITER = MAPPER.writerFor(PublicAccessBlock.class);

    /** What is kept from the public where both hold. */
    PublicAccessBlock and(PublicAccessBlock other) {
        return new PublicAccessBlock(
                blockPublicAcls || other.blockPublicAcls,
                ignorePublicAcls || other.ignorePublicAcls,
                blockPublicPolicy || other.blockPublicPolicy,
                restrictPublicBuckets || other.restrictPublicBuckets);
    }

    /** Amazon's names of what is blocked; empty for nothing. */
    String blocked() {
        StringJoiner names = new StringJoiner(", ");
        if (blockPublicAcls) {
            names.add("BlockPublicAcls");
        }
        if (ignorePublicAcls) {
            names.add("IgnorePublicAcls");
        }
        if (blockPublicPolicy) {
            names.add("BlockPublicPolicy");
        }
        if (restrictPublicBuckets) {
            names.add("RestrictPublicBuckets");
        }
        return names.toString();
    }

    /** What a document says; {@link #NONE} where there is none. */
    static PublicAccessBlock of(Optional<String> document) {
        return document.map(PublicAccessBlock::ofJson).orElse(NONE);
    }

    /**
     * Reads what {@link #toJson} wrote.
     *
     * @throws IllegalStateException for any other text
     */
    public static PublicAccessBlock ofJson(String document) {
        try {
            return READER.readValue(document);
        } catch (JsonProcessingException notOurs) {
            throw new IllegalStateException("not a public access block", notOurs);
        }
    }

    /** For the document. */
    public String toJson() {
        try {
            return WRITER.writeValueAsString(this);
        } catch (JsonProcessingException cannotHappen) {
            throw new IllegalStateException(cannotHappen);
        }
    }
}
