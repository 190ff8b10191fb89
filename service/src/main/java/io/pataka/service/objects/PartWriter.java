package io.pataka.service.objects;

import io.pataka.service.access.WritePermit;
import io.pataka.service.content.PendingContent;
import io.pataka.service.metadata.Growth;
import io.pataka.service.metadata.Outcome;
import io.pataka.service.metadata.Quotas;
import io.pataka.service.metadata.Refusal;
import io.pataka.service.metadata.UploadLedger;
import io.pataka.service.metadata.UploadLedger.PartWrite;
import io.pataka.service.metadata.UploadLedger.Upload;
import io.pataka.service.metadata.UploadLedger.UploadedPart;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.ChangeContext.Kind;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/** Adds parts to uploads. */
public final class PartWriter {

    private final UploadLedger uploads;

    private final Quotas quotas;

    public PartWriter(UploadLedger uploads, Quotas quotas) {
        this.uploads = Objects.requireNonNull(uploads);
        this.quotas = Objects.requireNonNull(quotas);
    }

    /** What became of {@link #put}. */
    public sealed interface Part extends Outcome {

        <T> T fold(Function<Written, T> written, Function<Refusal, T> refused);

        @Override
        default Optional<Refusal> refusal() {
            return fold(written -> Optional.empty(), Optional::of);
        }

        record Written(UploadedPart part) implements Part {
            @Override
            public <T> T fold(Function<Written, T> written, Function<Refusal, T> refused) {
                return written.apply(this);
            }
        }

        record Refused(Refusal reason) implements Part {
            @Override
            public <T> T fold(Function<Written, T> written, Function<Refusal, T> refused) {
                return refused.apply(reason);
            }
        }
    }

    /**
     * Content as a part of its own.
     *
     * @param bucket of the upload
     * @param content what the part is; the caller closes it, which deletes it unless a row may name it
     * @return {@link Refusal#NO_SUCH_UPLOAD} when the upload is gone, {@link Refusal#QUOTA_EXCEEDED} when there is no room
     */
    public Part put(Bucket bucket, Upload upload, int number, PendingContent content, WritePermit permit) {
        ChangeContext change = permit.change(bucket, Kind.UPLOAD_PART);
        UploadedPart part = new UploadedPart(
                number, content.blob(), content.size(), content.etag(), Instant.now(), content.checksums());
        return ContentHandover.write(
                content,
                () -> quotas.judged(
                        bucket,
                        Growth.ofPart(part.size()),
                        () -> written(part, uploads.putPart(upload, part, change)),
                        Part.Refused::new));
    }

    private static Part written(UploadedPart part, PartWrite outcome) {
        return outcome.refusal().<Part>map(Part.Refused::new).orElseGet(() -> new Part.Written(part));
    }
}
