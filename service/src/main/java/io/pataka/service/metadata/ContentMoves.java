package io.pataka.service.metadata;

import io.pataka.service.metadata.ObjectIndex.FactsUpdate;
import io.pataka.service.metadata.ObjectIndex.StoredPart;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.Bucket;
import io.pataka.service.model.ChangeContext;
import io.pataka.service.model.ObjectVersion;

/**
 * Lets versions have their bytes in other blobs, and retires those they had. Everything else about a version stays. Only jobs need this.
 *
 * <p>All methods take a version as it was looked up, an object, current or not. They return {@link Refusal#NO_SUCH_VERSION} when it was
 * removed since, {@link Refusal#CONFLICT} when it has other content by now, and throw as {@link ObjectIndex#publish}.
 */
public interface ContentMoves {

    /**
     * Puts another blob in the place of the one that is the version, and says which storage class it is in.
     *
     * @param version an object that is one blob
     */
    FactsUpdate moveWhole(Bucket bucket, ObjectVersion version, BlobId blob, String storageClass, ChangeContext change);

    /**
     * Puts another blob in the place of one part of a version. The storage class stays until {@link #setStorageClass}: a move that ends
     * between two parts leaves an object that can be read, and that another move completes.
     *
     * @param version an object in parts
     * @param part as it was looked up
     * @return {@link Refusal#CONFLICT} also when the part has another blob by now
     */
    FactsUpdate movePart(Bucket bucket, ObjectVersion version, StoredPart part, BlobId blob, ChangeContext change);

    /** Says which storage class the bytes of a version are in, after all of them were moved there. */
    FactsUpdate setStorageClass(Bucket bucket, ObjectVersion version, String storageClass, ChangeContext change);
}
