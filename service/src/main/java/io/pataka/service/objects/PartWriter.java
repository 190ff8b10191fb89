package io.pataka.service.objects;

import io.pataka.service.access.WritePermit;
import io.pataka.service.content.PendingContent;
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

/** Adds parts to uploads. */
public final class PartWriter {

    private final UploadLedger uploads;

    public PartWriter(UploadLedger uploads) {
        this.uploads = Objects.requireNonNull(uploads);
    }

    /**
     * Content as a part of its own.
     *
     * @param bucket of the upload
     * @param content what the part is; the caller closes it, which deletes it unless a row may name it
     * @return the part; empty when the upload is gone
     */
    public Optional<UploadedPart> put(
            Bucket bucket, Upload upload, int number, PendingContent content, WritePermit permit) {
        ChangeContext change = permit.change(bucket, Kind.UPLOAD_PART);
        UploadedPart part = new UploadedPart(
                number, content.blob(), content.size(), content.etag(), Instant.now(), content.checksums());
        PartWrite outcome = ContentHandover.write(content, () -> uploads.putPart(upload, part, change));
        return outcome.refusal().isPresent() ? Optional.empty() : Optional.of(part);
    }
}
