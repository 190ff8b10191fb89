package io.pataka.service.operation;

import io.pataka.service.content.Contents;
import io.pataka.service.content.PendingContent;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.ObjectKey;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.protocol.ByteRange.Span;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Objects;
import java.util.Set;

/** Bytes read from one object and kept for another. */
public final class CopiedContent {

    private final ObjectBytes bytes;
    private final Contents contents;

    public CopiedContent(ObjectBytes bytes, Contents contents) {
        this.bytes = Objects.requireNonNull(bytes);
        this.contents = Objects.requireNonNull(contents);
    }

    /**
     * @param compute checksums to compute on the way
     * @throws S3Exception OperationAborted when the source was replaced or deleted meanwhile
     */
    public PendingContent copy(
            ObjectVersion source,
            Span span,
            long bucketId,
            ObjectKey key,
            String storageClass,
            Set<ChecksumAlgorithm> compute)
            throws IOException {
        try {
            return contents.copy(bytes.pieces(source, span), bucketId, key, storageClass, compute);
        } catch (FileNotFoundException gone) {
            throw sourceGone();
        }
    }

    /** The error of a source that was replaced or deleted after it was looked up. */
    public static S3Exception sourceGone() {
        return new S3Exception(S3Error.OPERATION_ABORTED, "The source of the copy was replaced or deleted meanwhile.");
    }
}
