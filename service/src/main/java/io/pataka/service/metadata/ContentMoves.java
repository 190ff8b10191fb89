package io.pataka.service.metadata;

import io.pataka.service.metadata.ObjectIndex.FactsUpdate;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.ObjectVersion;
import java.util.List;

/** Lets versions have their bytes in other blobs. Only jobs need this. */
public interface ContentMoves {

    /**
     * Lets a version have its bytes in other blobs, and retires those it had. Everything else about the version stays.
     *
     * @param version an object, current or not, as it was looked up
     * @param blobs the new blob of an object that is one blob, or a new blob for each part, in their order
     * @param storageClass the one that the new blobs are in
     * @return {@link Refusal#CONFLICT} when the version has other content by now
     * @throws MetadataUnavailableException as {@link ObjectIndex#publish}
     */
    FactsUpdate move(
            Bucket bucket, ObjectVersion version, List<BlobId> blobs, String storageClass, ChangeContext change);
}
