package io.pataka.service.operation.object;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.metadata.ObjectIndex.Removal;
import io.pataka.service.metadata.ObjectIndex.RemovalRequest;
import io.pataka.service.model.ChangeContext.Kind;
import io.pataka.service.model.ObjectLock;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.objects.ObjectRemover;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.Refusals;
import io.pataka.service.operation.VersionParameter;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.WriteConditions;

/**
 * Deletes an object or a version; with versioning on, a key without a version named gets a delete marker. Deleting what is not
 * there succeeds.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html">AWS: DeleteObject</a>
 */
final class DeleteObject implements Operation {

    private final ObjectRemover remover;

    DeleteObject(ObjectRemover remover) {
        this.remover = remover;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        boolean bypass = call.bypassesGovernance(ObjectLock.NONE);
        WriteCondition condition = WriteConditions.ofRemoval(call.headers());
        RemovalRequest request = new RemovalRequest(call.key(), VersionParameter.of(call.request()), condition, bypass);
        Removal outcome = remover.remove(call.bucket(), request, call.permit(), Kind.DELETE);
        return outcome.fold(DeleteObject::answer, gone -> answer(call, gone), refusal -> {
            throw Refusals.error(refusal, call, condition);
        });
    }

    private static S3Response answer(Removal.Marked marked) {
        return S3Response.noContent()
                .header("x-amz-delete-marker", "true")
                .header("x-amz-version-id", marked.marker().text());
    }

    private static S3Response answer(AdmittedCall call, Removal.Gone gone) {
        S3Response response = S3Response.noContent()
                .header(
                        "x-amz-version-id",
                        gone.version()
                                .map(id -> id.text())
                                .or(() -> call.request().versionId()));
        return gone.wasDeleteMarker() ? response.header("x-amz-delete-marker", "true") : response;
    }
}
