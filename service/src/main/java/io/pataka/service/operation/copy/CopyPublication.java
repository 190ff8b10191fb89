package io.pataka.service.operation.copy;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.content.PendingContent;
import io.pataka.service.metadata.BlobLedger;
import io.pataka.service.metadata.ObjectIndex.NewVersion;
import io.pataka.service.metadata.ObjectIndex.Publication.Published;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.Content;
import io.pataka.service.model.ETag;
import io.pataka.service.model.ObjectFacts;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.Owner;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.operation.CopiedContent;
import io.pataka.service.operation.Publisher;
import io.pataka.service.protocol.ByteRange.Span;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Gives a copy its bytes and publishes it. A copy that is stored as its source is shares the source's blobs, all parts of it, and keeps
 * its entity tag. Bytes are read and written if the storage class or the form changes, or if the client wants another checksum.
 */
final class CopyPublication {

    private final BlobLedger blobs;
    private final CopiedContent copied;
    private final Publisher publisher;

    CopyPublication(BlobLedger blobs, CopiedContent copied, Publisher publisher) {
        this.blobs = blobs;
        this.copied = copied;
        this.publisher = publisher;
    }

    /** What a copy became. */
    record Copied(Published published, ETag etag, List<Checksum> checksums) {}

    /**
     * @param owner of the copy
     * @param facts of the copy, with the checksums of the source
     * @param algorithm the checksum that the copy is to have, if the client names one
     * @throws io.pataka.service.protocol.S3Exception as {@link io.pataka.service.operation.Refusals#error}
     */
    Copied publish(
            AdmittedCall call,
            ObjectVersion source,
            Owner owner,
            ObjectFacts facts,
            Optional<ChecksumAlgorithm> algorithm,
            WriteCondition condition)
            throws IOException {
        boolean sameBytes =
                facts.placement().sharesBlobsWith(source.facts().placement()) && hasChecksum(source, algorithm);
        return sameBytes
                ? shared(call, source, owner, facts, condition)
                : rewritten(call, source, owner, facts, algorithm, condition);
    }

    private static boolean hasChecksum(ObjectVersion version, Optional<ChecksumAlgorithm> algorithm) {
        return algorithm.isEmpty()
                || version.facts().checksums().stream()
                        .anyMatch(checksum -> checksum.algorithm() == algorithm.get()
                                && checksum.type() == Checksum.Type.FULL_OBJECT);
    }

    private Copied shared(
            AdmittedCall call, ObjectVersion source, Owner owner, ObjectFacts facts, WriteCondition condition) {
        Content content =
                blobs.share(source.content(), call.bucket().id(), call.key()).orElseThrow(CopiedContent::sourceGone);
        NewVersion copy = new NewVersion(call.key(), source.size(), source.etag(), owner, content, facts);
        return new Copied(publisher.publish(call, copy, condition), source.etag(), facts.checksums());
    }

    private Copied rewritten(
            AdmittedCall call,
            ObjectVersion source,
            Owner owner,
            ObjectFacts facts,
            Optional<ChecksumAlgorithm> algorithm,
            WriteCondition condition)
            throws IOException {
        // A copy keeps the algorithm of its source unless another is named.
        ChecksumAlgorithm compute = algorithm
                .or(() -> source.facts().checksums().stream().findFirst().map(Checksum::algorithm))
                .orElse(ChecksumAlgorithm.DEFAULT);
        try (PendingContent content = copied.copy(
                source,
                Span.whole(source.size()),
                call.bucket().id(),
                call.key(),
                facts.placement(),
                Set.of(compute))) {
            Published published = publisher.publish(call, content, owner, facts, condition);
            return new Copied(published, content.etag(), content.checksums());
        }
    }
}
