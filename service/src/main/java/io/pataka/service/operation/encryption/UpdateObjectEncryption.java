package io.pataka.service.operation.encryption;

import io.pataka.service.access.Access;
import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.FactsUpdate;
import io.pataka.service.metadata.ObjectIndex.VersionSelector;
import io.pataka.service.metadata.Refusal;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.EncryptionMode;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.StoredForm;
import io.pataka.service.model.StoredForm.Encrypted;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.objects.BucketRetry;
import io.pataka.service.operation.ObjectEncryption;
import io.pataka.service.operation.ObjectLookup;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.Refusals;
import io.pataka.service.operation.RequestDocument;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Operation;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;
import java.util.Optional;

/**
 * Wraps the data key of an object with another key of the key manager. No bytes are read or written, and all that clients see of the
 * object but its encryption stays. Amazon names the key by its ARN only; here the id of a key is taken as well, as in other requests. A
 * version that is locked is refused: its project could delete the new key, and the version would be lost.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_UpdateObjectEncryption.html">AWS: UpdateObjectEncryption</a>
 */
final class UpdateObjectEncryption implements Operation {

    private static final int MAX_DOCUMENT = 16 * 1024;

    private final ObjectLookup lookup;
    private final ObjectIndex index;
    private final BucketRetry retry;
    private final ObjectEncryption encryption;

    UpdateObjectEncryption(ObjectIndex index, BucketRetry retry, ObjectEncryption encryption) {
        this.lookup = new ObjectLookup(index);
        this.index = index;
        this.retry = retry;
        this.encryption = encryption;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        ObjectVersion version = lookup.findDescribed(call);
        call.require(Access.to(S3Operation.PUT_OBJECT.access(), call.bucket()).key(call.key()));
        WantedKey wanted =
                WantedKey.read(RequestDocument.read(call.request(), MAX_DOCUMENT, RequestDocument.Digest.REQUIRED));
        if (call.request().isSignedByVersion2()) {
            throw invalid(
                    "Requests that modify an object encryption configuration require AWS Signature Version 4. Modify"
                            + " the request to use AWS Signature Version 4, and then try again.");
        }
        Encrypted former = encrypted(version);
        // The key manager is asked before the row is locked.
        Encrypted changed = encryption.rewrapped(call, former, wanted.keyId(), wanted.bucketKey());
        FactsUpdate outcome = retry.withBucket(
                call.bucket(),
                bucket -> index.updateUnlocked(
                        bucket,
                        call.key(),
                        Optional.of(VersionSelector.of(version.id())),
                        facts -> Optional.of(facts)
                                .filter(now -> now.form().equals(former))
                                .map(now -> now.withForm(changed)),
                        call.permit().change(bucket, Kind.UPDATE_ENCRYPTION)),
                FactsUpdate.Refused::new);
        return outcome.fold(updated -> S3Response.ok(), refusal -> {
            throw refusal == Refusal.CONFLICT
                    ? new S3Exception(S3Error.OPERATION_ABORTED)
                    : Refusals.error(refusal, call, WriteCondition.NONE);
        });
    }

    /**
     * @throws S3Exception InvalidRequest when the key of the object cannot be changed
     */
    private static Encrypted encrypted(ObjectVersion version) {
        StoredForm form = version.facts().form();
        if (form instanceof StoredForm.Plain) {
            throw invalid(
                    "The UpdateObjectEncryption operation doesn't supported unencrypted source objects. Only source"
                            + " objects encrypted with SSE-S3 or SSE-KMS are supported.");
        }
        if (!(form instanceof Encrypted encrypted)) {
            throw new S3Exception(S3Error.SERVICE_UNAVAILABLE)
                    .header("Retry-After", "60")
                    .because("a node of a later release encrypted the object");
        }
        if (encrypted.envelope().mode() == EncryptionMode.CUSTOMER) {
            throw invalid("The UpdateObjectEncryption operation doesn't support source objects with the encryption type"
                    + " DSSE-KMS or SSE-C. Only source objects encrypted with SSE-S3 or SSE-KMS are supported.");
        }
        return encrypted;
    }

    private static S3Exception invalid(String message) {
        return new S3Exception(S3Error.INVALID_REQUEST, message);
    }
}
