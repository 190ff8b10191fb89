package io.pataka.service.operation;

import io.pataka.service.content.ContentDamagedException;
import io.pataka.service.content.ContentMissingException;
import io.pataka.service.content.Contents;
import io.pataka.service.content.PendingContent;
import io.pataka.service.metadata.BlobLedger;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Placement;
import io.pataka.service.protocol.ByteRange.Span;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.io.IOException;
import java.util.Objects;
import java.util.Set;

/** Bytes read from one object and kept for another. */
public final class CopiedContent {

    private final ObjectBytes bytes;
    private final Contents contents;
    private final BlobLedger blobs;
    private final ReadableContent readable;

    public CopiedContent(ObjectBytes bytes, Contents contents, BlobLedger blobs, ReadableContent readable) {
        this.blobs = Objects.requireNonNull(blobs);
        this.readable = Objects.requireNonNull(readable);
        this.bytes = Objects.requireNonNull(bytes);
        this.contents = Objects.requireNonNull(contents);
    }

    /**
     * @param compute checksums to compute on the way
     * @throws S3Exception OperationAborted when the source was replaced or deleted meanwhile; ObjectContentLost
     */
    public PendingContent copy(
            ObjectVersion source,
            Span span,
            long bucketId,
            ObjectKey key,
            Placement placement,
            Set<ChecksumAlgorithm> compute)
            throws IOException {
        try {
            return contents.copy(bytes.pieces(source, span), bucketId, key, placement, compute);
        } catch (ContentMissingException missing) {
            throw blobs.isNeeded(missing.blob(), source.bucketId(), source.key())
                    ? readable.refusal(source, missing)
                    : sourceGone();
        } catch (ContentDamagedException damaged) {
            throw readable.refusal(source, damaged);
        }
    }

    /** The error of a source that was replaced or deleted after it was looked up. */
    public static S3Exception sourceGone() {
        return new S3Exception(S3Error.OPERATION_ABORTED, "The source of the copy was replaced or deleted meanwhile.");
    }
}
