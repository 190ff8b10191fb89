package io.pataka.service.operation.bucket;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.NewBucketRules;
import io.pataka.service.metadata.AccountDocuments;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.DocumentKind;
import io.pataka.service.model.Owner;
import io.pataka.service.operation.BucketTags;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.operation.TagSet;
import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.xml.XmlElement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a bucket. Making it once more answers 200 to its owner, as Ceph Gateway and Amazon's first region do, and changes
 * nothing.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html">AWS: CreateBucket</a>
 */
final class CreateBucket implements Operation {

    private static final int MAX_DOCUMENT = TagSet.MAX_DOCUMENT;
    private static final String OBJECT_LOCK = "x-amz-bucket-object-lock-enabled";
    private static final String NAMESPACE = "x-amz-bucket-namespace";
    /** Parts of the document that ask for one of Amazon's directory buckets. */
    private static final List<String> OF_DIRECTORY_BUCKETS = List.of("Bucket", "Location");

    private final BucketCatalog buckets;
    private final AccountDocuments accounts;
    private final BucketRules rules;
    private final NewBucketRules access;
    private final LocationRules locations;
    private final BucketTags bucketTags = new BucketTags();

    CreateBucket(BucketCatalog buckets, AccountDocuments accounts, BucketRules rules, NewBucketRules access) {
        this.buckets = buckets;
        this.accounts = accounts;
        this.rules = rules;
        this.access = access;
        this.locations = new LocationRules(rules.region());
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        BucketName name = call.bucketName();
        if (!rules.allows(name)) {
            throw new S3Exception(S3Error.INVALID_BUCKET_NAME).with("BucketName", name.text());
        }
        boolean objectLock = asksForObjectLock(call.headers());
        refuseOtherNamespaces(call.headers());
        Owner owner = call.caller().account();
        Map<DocumentKind, String> documents = new HashMap<>(access.documents(
                call.headers(),
                owner,
                rules.ownership(),
                () -> accounts.find(owner.id(), DocumentKind.PUBLIC_ACCESS_BLOCK)));
        RequestDocument.readOptional(call.request(), MAX_DOCUMENT, RequestDocument.Digest.OPTIONAL)
                .map(document -> XmlElement.parse(document, "CreateBucketConfiguration"))
                .ifPresent(configuration -> documents.putAll(read(configuration)));
        ChangeContext change = call.permit().changeOutsideBuckets(Kind.CREATE_BUCKET);
        return buckets.create(name, owner, objectLock, rules.perOwner(), documents, change)
                .fold(
                        created -> answer(name),
                        taken -> {
                            requireSame(call, taken.bucket(), objectLock, documents);
                            return answer(name);
                        },
                        over -> {
                            throw new S3Exception(S3Error.TOO_MANY_BUCKETS)
                                    .with("AllowedNumberOfBuckets", Integer.toString(over.limit()));
                        });
    }

    private static S3Response answer(BucketName name) {
        return S3Response.ok()
                .header("Location", "/" + PercentCoding.encode(name.text().getBytes(StandardCharsets.UTF_8)))
                .header(BucketArn.HEADER, BucketArn.of(name));
    }

    private static boolean asksForObjectLock(RequestHeaders headers) {
        Optional<String> asked = headers.first(OBJECT_LOCK);
        if (asked.isPresent()
                && !asked.get().equalsIgnoreCase("true")
                && !asked.get().equalsIgnoreCase("false")) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT).argument(OBJECT_LOCK, asked.get());
        }
        return asked.filter("true"::equalsIgnoreCase).isPresent();
    }

    /** All names are in one namespace, Amazon's {@code global}. */
    private static void refuseOtherNamespaces(RequestHeaders headers) {
        Optional<String> asked = headers.first(NAMESPACE).filter(text -> !text.isEmpty());
        if (asked.isPresent() && !asked.get().equals("global")) {
            throw new S3Exception(S3Error.NOT_IMPLEMENTED).with("Header", NAMESPACE);
        }
    }

    /** What a document adds to those of the new bucket. */
    private Map<DocumentKind, String> read(XmlElement configuration) {
        configuration.only("LocationConstraint", "Location", "Bucket", "Tags").once("LocationConstraint", "Tags");
        for (String element : OF_DIRECTORY_BUCKETS) {
            if (configuration.first(element).isPresent()) {
                throw new S3Exception(
                                S3Error.NOT_IMPLEMENTED, "A part of the configuration you provided is not implemented")
                        .with("Element", element);
            }
        }
        locations.require(
                configuration.textOf("LocationConstraint").map(String::trim).orElse(""));
        return configuration
                .first("Tags")
                .map(tags -> tags.only("Tag"))
                .filter(tags -> !tags.children().isEmpty())
                .map(tags -> Map.of(DocumentKind.TAGGING, bucketTags.store(bucketTags.read(tags))))
                .orElse(Map.of());
    }

    /** An answer of 200 would let the client believe that what it asked for was done. */
    private void requireSame(AdmittedCall call, Bucket taken, boolean objectLock, Map<DocumentKind, String> documents) {
        if (!call.caller().owns(taken)) {
            throw new S3Exception(S3Error.BUCKET_ALREADY_EXISTS)
                    .with("BucketName", taken.name().text());
        }
        boolean sameAcl =
                buckets.document(taken, DocumentKind.ACL).equals(Optional.ofNullable(documents.get(DocumentKind.ACL)));
        if (!sameAcl) {
            // As Ceph Gateway has it.
            throw new S3Exception(S3Error.BUCKET_ALREADY_EXISTS)
                    .with("BucketName", taken.name().text());
        }
        if (documents.containsKey(DocumentKind.TAGGING) || taken.objectLock() != objectLock) {
            throw new S3Exception(S3Error.BUCKET_ALREADY_OWNED_BY_YOU)
                    .with("BucketName", taken.name().text());
        }
    }
}
