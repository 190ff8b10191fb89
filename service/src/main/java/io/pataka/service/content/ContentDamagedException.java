package io.pataka.service.content;

import io.pataka.service.model.BlobId;
import java.io.IOException;
import java.util.Objects;

/** A blob is not what was written, or is gone after bytes before it were read. */
public final class ContentDamagedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient BlobId blob;

    public ContentDamagedException(BlobId blob, Throwable cause) {
        super(cause.getMessage(), cause);
        this.blob = Objects.requireNonNull(blob);
    }

    public BlobId blob() {
        return blob;
    }
}
