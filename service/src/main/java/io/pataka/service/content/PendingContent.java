package io.pataka.service.content;

import io.pataka.service.model.BlobId;
import io.pataka.service.model.Checksum;
import java.util.List;

/** Content that is durable and belongs to nobody yet. Used in try-with-resources, so that a write which fails leaves nothing. */
public interface PendingContent extends AutoCloseable {

    BlobId blob();

    /** Bytes. */
    long size();

    /** Lower-case hexadecimal MD5 of the content. */
    String md5();

    /** Those the plan asked for, of the whole content. */
    List<Checksum> checksums();

    /** The content has an owner now; closing does nothing more. */
    void keep();

    /** Deletes the content, unless it was kept. Never throws: what cannot be deleted is left to the sweeper and logged. */
    @Override
    void close();
}
