package io.pataka.service.operation.multipart;

import io.pataka.service.content.checksum.CombinedChecksum;
import io.pataka.service.metadata.UploadLedger.Upload;
import io.pataka.service.metadata.UploadLedger.UploadedPart;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.ETag;
import io.pataka.service.operation.ReadableContent;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The parts that a client named, found in the upload and added up.
 *
 * @param size of the whole object, in bytes
 * @param etag made of the tags of the parts
 * @param checksum of the whole object, in the form that the upload was begun with; of an upload that was begun without an
 *     algorithm, the checksum that Amazon computes by itself
 */
record AssembledParts(long size, ETag etag, Optional<Checksum> checksum) {

    /** Every part but the last has at least 5 MiB. */
    static final long MIN_PART_SIZE = 5L << 20;

    /**
     * @param uploaded all parts of the upload
     * @throws S3Exception InvalidPart for a part that is not there, is another one or is known to be lost; EntityTooSmall for a part that is too
     *     small to be followed by another; InvalidRequest or BadDigest for a part whose checksum is missing or of another
     *     algorithm than the upload's
     */
    static AssembledParts assemble(
            List<NamedPart> named, Upload upload, List<UploadedPart> uploaded, ReadableContent readable) {
        List<ETag> tags = new ArrayList<>(named.size());
        Optional<CombinedChecksum> combined = Optional.of(combination(upload));
        boolean needsChecksums = upload.checksumType() == Checksum.Type.COMPOSITE
                && named.stream().anyMatch(part -> !part.checksums().isEmpty());
        Map<Integer, UploadedPart> byNumber = new HashMap<>();
        uploaded.forEach(part -> byNumber.put(part.number(), part));
        long size = 0;
        for (int i = 0; i < named.size(); i++) {
            NamedPart part = named.get(i);
            UploadedPart found = byNumber.get(part.number());
            if (found == null || !found.etag().equals(part.etag())) {
                throw invalidPart(upload, part);
            }
            if (readable.isLost(found.blob())) {
                throw invalidPart(upload, part).because("blob " + found.blob() + " of the part is lost");
            }
            requireChecksums(upload, part, found, needsChecksums);
            if (i < named.size() - 1 && found.size() < MIN_PART_SIZE) {
                throw tooSmall(found);
            }
            tags.add(found.etag());
            size += found.size();
            Optional<String> checksum = checksumOf(found, upload);
            // Parts that a node of the previous release took have no checksum that was not asked for.
            combined = checksum.isPresent() ? combined : Optional.empty();
            if (combined.isPresent()) {
                combined.get().add(checksum.orElseThrow(), found.size());
            }
        }
        return new AssembledParts(size, ETag.ofParts(tags).orElseThrow(), combined.map(CombinedChecksum::result));
    }

    /** The entity tag that an object of these parts has; empty when a tag is not that of a part. */
    static Optional<ETag> etagOf(List<NamedPart> named) {
        return ETag.ofParts(named.stream().map(NamedPart::etag).toList());
    }

    private static CombinedChecksum combination(Upload upload) {
        return upload.algorithm()
                .map(algorithm -> CombinedChecksum.of(algorithm, upload.checksumType()))
                .orElseGet(() -> CombinedChecksum.of(ChecksumAlgorithm.DEFAULT, Checksum.Type.FULL_OBJECT));
    }

    /** Empty for a part of an upload without an algorithm, if it has no checksum. */
    private static Optional<String> checksumOf(UploadedPart part, Upload upload) {
        ChecksumAlgorithm algorithm = upload.algorithm().orElse(ChecksumAlgorithm.DEFAULT);
        Optional<String> value = part.checksums().stream()
                .filter(checksum -> checksum.algorithm() == algorithm)
                .map(Checksum::value)
                .findFirst();
        if (value.isEmpty() && upload.algorithm().isPresent()) {
            throw new S3Exception(S3Error.INVALID_PART).with("PartNumber", Integer.toString(part.number()));
        }
        return value;
    }

    /**
     * Amazon wants the checksum of each part of a composite upload, takes that of a part of any other upload with an algorithm,
     * and knows none of an upload without one. The tests of Ceph Gateway name no checksum of any part of a composite upload.
     *
     * @param needed whether a part without a checksum is refused
     */
    private static void requireChecksums(Upload upload, NamedPart named, UploadedPart found, boolean needed) {
        if (upload.algorithm().isEmpty()) {
            if (!named.checksums().isEmpty()) {
                throw invalidPart(upload, named);
            }
            return;
        }
        ChecksumAlgorithm algorithm = upload.algorithm().get();
        for (ChecksumAlgorithm other : named.checksums().keySet()) {
            if (other != algorithm) {
                throw new S3Exception(
                        S3Error.BAD_DIGEST,
                        "The " + lower(other) + " you specified for part " + named.number()
                                + " did not match what we received.");
            }
        }
        String said = named.checksums().get(algorithm);
        if (said == null && needed) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The upload was created using a " + lower(algorithm)
                            + " checksum. The complete request must include the checksum for each part. It was missing for"
                            + " part " + named.number() + " in the request.");
        }
        if (said != null && !checksumOf(found, upload).equals(Optional.of(said))) {
            throw invalidPart(upload, named);
        }
    }

    private static String lower(ChecksumAlgorithm algorithm) {
        return algorithm.name().toLowerCase(Locale.ROOT);
    }

    private static S3Exception invalidPart(Upload upload, NamedPart part) {
        return new S3Exception(S3Error.INVALID_PART)
                .with("UploadId", upload.id().text())
                .with("PartNumber", Integer.toString(part.number()))
                .with("ETag", part.etag().value());
    }

    private static S3Exception tooSmall(UploadedPart part) {
        return new S3Exception(S3Error.ENTITY_TOO_SMALL)
                .with("ProposedSize", Long.toString(part.size()))
                .with("MinSizeAllowed", Long.toString(MIN_PART_SIZE))
                .with("PartNumber", Integer.toString(part.number()))
                .with("ETag", part.etag().value());
    }
}
