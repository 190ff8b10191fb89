package io.pataka.service.operation.bucket;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.BucketAccess;
import io.pataka.service.access.NewBucketRules;
import io.pataka.service.metadata.BucketCatalog;
import io.pataka.service.metadata.BucketCatalog.Creation;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.BucketName;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.protocol.PercentCoding;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.UnsupportedHeaders;
import io.pataka.service.protocol.xml.XmlElement;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

    private static final int MAX_DOCUMENT = 64 * 1024;
    private static final String OBJECT_LOCK = "x-amz-bucket-object-lock-enabled";
    /** Parts of the document that ask for what is not there. */
    private static final List<String> NOT_IMPLEMENTED = List.of("Bucket", "Location", "Tags");

    private final BucketCatalog buckets;
    private final BucketRules rules;
    private final NewBucketRules access;
    private final LocationRules locations;

    CreateBucket(BucketCatalog buckets, BucketRules rules, NewBucketRules access) {
        this.buckets = buckets;
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
        boolean objectLock = objectLock(call.headers());
        UnsupportedHeaders.refuseOnBucket(call.headers());
        Map<String, String> documents =
                access.documents(call.headers(), call.caller().account(), rules.ownership());
        RequestDocument.readOptional(call.request(), MAX_DOCUMENT, RequestDocument.Digest.OPTIONAL)
                .map(document -> XmlElement.parse(document, "CreateBucketConfiguration"))
                .ifPresent(this::requireAllowed);
        Creation creation = buckets.create(name, call.caller().account(), objectLock, rules.perOwner(), documents);
        if (creation instanceof Creation.OverLimit over) {
            throw new S3Exception(S3Error.TOO_MANY_BUCKETS)
                    .with("AllowedNumberOfBuckets", Integer.toString(over.limit()));
        }
        if (creation instanceof Creation.Taken taken) {
            requireSame(call, taken.bucket(), objectLock, documents);
        }
        return S3Response.ok()
                .header("Location", "/" + PercentCoding.encode(name.text().getBytes(StandardCharsets.UTF_8)))
                .header(BucketArn.HEADER, BucketArn.of(name));
    }

    private static boolean objectLock(RequestHeaders headers) {
        Optional<String> asked = headers.first(OBJECT_LOCK);
        if (asked.isPresent()
                && !asked.get().equalsIgnoreCase("true")
                && !asked.get().equalsIgnoreCase("false")) {
            throw new S3Exception(S3Error.INVALID_ARGUMENT)
                    .with("ArgumentName", OBJECT_LOCK)
                    .with("ArgumentValue", asked.get());
        }
        return asked.filter("true"::equalsIgnoreCase).isPresent();
    }

    private void requireAllowed(XmlElement configuration) {
        for (String element : NOT_IMPLEMENTED) {
            if (configuration.first(element).isPresent()) {
                throw new S3Exception(
                                S3Error.NOT_IMPLEMENTED, "A part of the configuration you provided is not implemented")
                        .with("Element", element);
            }
        }
        locations.require(
                configuration.textOf("LocationConstraint").map(String::trim).orElse(""));
    }

    private void requireSame(AdmittedCall call, Bucket taken, boolean objectLock, Map<String, String> documents) {
        if (!call.caller().owns(taken)) {
            throw new S3Exception(S3Error.BUCKET_ALREADY_EXISTS)
                    .with("BucketName", taken.name().text());
        }
        boolean sameAcl =
                buckets.document(taken, BucketAccess.ACL).equals(Optional.ofNullable(documents.get(BucketAccess.ACL)));
        if (!sameAcl) {
            // As Ceph Gateway has it: an answer of 200 would let the client believe that its list was taken.
            throw new S3Exception(S3Error.BUCKET_ALREADY_EXISTS)
                    .with("BucketName", taken.name().text());
        }
        if (taken.objectLock() != objectLock) {
            throw new S3Exception(S3Error.BUCKET_ALREADY_OWNED_BY_YOU)
                    .with("BucketName", taken.name().text());
        }
    }
}
