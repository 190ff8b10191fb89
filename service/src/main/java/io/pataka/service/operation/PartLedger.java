package io.pataka.service.operation;

import io.pataka.service.content.PendingContent;
import io.pataka.service.metadata.MetadataUnavailableException;
import io.pataka.service.metadata.UploadLedger;
import io.pataka.service.metadata.UploadLedger.Upload;
import io.pataka.service.metadata.UploadLedger.UploadedPart;
import io.pataka.service.model.ETag;
import java.time.Instant;
import java.util.Optional;

/** Writes parts down, and keeps their content when the ledger names it, or may. */
public final class PartLedger {

    private final UploadLedger uploads;

    public PartLedger(UploadLedger uploads) {
        this.uploads = uploads;
    }

    /**
     * Content as a part of its own.
     *
     * @param content what the part is; the caller closes it
     * @return the part; empty when the upload is gone
     */
    public Optional<UploadedPart> put(Upload upload, int number, PendingContent content) {
        UploadedPart part = new UploadedPart(
                number, content.blob(), content.size(), new ETag(content.md5()), Instant.now(), content.checksums());
        try {
            if (!uploads.putPart(upload, part)) {
                return Optional.empty();
            }
        } catch (MetadataUnavailableException unavailable) {
            if (unavailable.isOutcomeUnknown()) {
                content.keep();
            }
            throw unavailable;
        }
        content.keep();
        return Optional.of(part);
    }
}
