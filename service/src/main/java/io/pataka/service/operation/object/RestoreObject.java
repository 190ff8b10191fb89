package io.pataka.service.operation.object;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.operation.ObjectLookup;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.WholeNumber;
import io.pataka.service.protocol.xml.XmlElement;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;

/**
 * RestoreObject. Objects of every storage class can be read at once, so no object needs to be restored, and the answer is Amazon's for
 * such objects: 403 InvalidObjectState.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html">AWS: RestoreObject</a>
 */
final class RestoreObject implements Operation {

    private static final int MAX_DOCUMENT = 64 << 10;
    private static final Set<String> TIERS = Set.of("Standard", "Bulk", "Expedited");

    private final ObjectLookup lookup;

    RestoreObject(ObjectLookup lookup) {
        this.lookup = lookup;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        RequestDocument.readOptional(call.request(), MAX_DOCUMENT, RequestDocument.Digest.OPTIONAL)
                .ifPresent(RestoreObject::requireValid);
        ObjectVersion version = lookup.find(call);
        throw new S3Exception(
                        S3Error.INVALID_OBJECT_STATE, "Restore is not allowed for the object's current storage class")
                .with("StorageClass", version.facts().storageClass());
    }

    /**
     * @throws S3Exception MalformedXML; NotImplemented for a restoration that selects rows of the object
     */
    private static void requireValid(byte[] document) {
        XmlElement request = XmlElement.parse(document, "RestoreRequest")
                .only(
                        "Days",
                        "GlacierJobParameters",
                        "Type",
                        "Tier",
                        "Description",
                        "SelectParameters",
                        "OutputLocation")
                .once(
                        "Days",
                        "GlacierJobParameters",
                        "Type",
                        "Tier",
                        "Description",
                        "SelectParameters",
                        "OutputLocation");
        Optional<String> type = request.textOf("Type");
        boolean daysFit = request.textOf("Days")
                .map(days -> WholeNumber.ofInt(days.trim()).orElse(0) > 0)
                .orElse(true);
        boolean tiersFit = isTier(request.textOf("Tier"))
                && request.first("GlacierJobParameters")
                        .map(parameters -> isTier(
                                Optional.of(parameters.only("Tier").once("Tier").requiredText("Tier"))))
                        .orElse(true);
        if (!daysFit || !tiersFit || type.filter(text -> !text.equals("SELECT")).isPresent()) {
            throw new S3Exception(S3Error.MALFORMED_XML);
        }
        if (type.isPresent() || request.first("SelectParameters").isPresent()) {
            throw new S3Exception(S3Error.NOT_IMPLEMENTED, "Restorations of type SELECT are not implemented");
        }
    }

    private static boolean isTier(Optional<String> tier) {
        return tier.isEmpty() || TIERS.contains(tier.get());
    }
}
