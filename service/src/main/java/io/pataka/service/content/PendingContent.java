package io.pataka.service.content;

import io.pataka.service.model.BlobId;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ETag;
import java.util.List;

/** Content that is durable and has no owner yet. Used in try-with-resources, so that a write that fails leaves nothing. */
public interface PendingContent extends AutoCloseable {

    BlobId blob();

    /** Bytes. */
    long size();

    /** The entity tag that the form of the content gives it. */
    ETag etag();

    /** The checksums that the plan wants, of the whole content. */
    List<Checksum> checksums();

    /** The content has an owner now. Closing does nothing after this. */
    void keep();

    /** Deletes the content, unless it was kept. Never throws: what cannot be deleted is logged and left to the sweeper. */
    @Override
    void close();
}
