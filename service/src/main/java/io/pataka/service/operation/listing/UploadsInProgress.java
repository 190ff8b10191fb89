package io.pataka.service.operation.listing;

import io.pataka.service.metadata.ObjectIndex.KeyRange;
import io.pataka.service.metadata.UploadLedger;
import io.pataka.service.metadata.UploadLedger.Upload;
import io.pataka.service.model.Bucket;
import java.util.List;
import java.util.Optional;

/** The multipart uploads of a bucket that are neither completed nor aborted, oldest first within a key. */
final class UploadsInProgress implements ListingSource<Upload> {

    private final UploadLedger uploads;
    private final Bucket bucket;

    UploadsInProgress(UploadLedger uploads, Bucket bucket) {
        this.uploads = uploads;
        this.bucket = bucket;
    }

    @Override
    public List<Upload> next(ListingPosition from, Optional<byte[]> before, int limit) {
        return uploads.scan(bucket, new KeyRange(from.key(), from.inclusive(), before), from.laterThan(), limit);
    }

    @Override
    public byte[] key(Upload upload) {
        return upload.key().bytes();
    }

    @Override
    public ListingPosition after(Upload upload) {
        return ListingPosition.afterUpload(upload.key().bytes(), upload.id());
    }
}
