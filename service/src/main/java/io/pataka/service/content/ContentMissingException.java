package io.pataka.service.content;

import io.pataka.service.model.BlobId;
import java.io.IOException;
import java.util.Objects;

/** A blob is gone: its object was replaced or deleted meanwhile, or the blob is lost. */
public final class ContentMissingException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient BlobId blob;

    public ContentMissingException(BlobId blob) {
        super("blob " + blob + " is gone");
        this.blob = Objects.requireNonNull(blob);
    }

    public BlobId blob() {
        return blob;
    }
}
