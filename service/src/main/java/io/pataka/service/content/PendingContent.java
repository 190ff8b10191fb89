package io.pataka.service.content;

import io.pataka.service.model.Checksum;
import io.pataka.service.model.ETag;
import java.util.List;

/** Content that is durable and has no owner yet, with what was computed while it was written. */
public interface PendingContent extends PendingBlob {

    /** Bytes. */
    long size();

    /** The entity tag that the form of the content gives it. */
    ETag etag();

    /** The checksums that the plan wants, of the whole content. */
    List<Checksum> checksums();
}
