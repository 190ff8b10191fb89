package io.pataka.service.operation.multipart;

import io.pataka.service.content.checksum.CombinedChecksum;
import io.pataka.service.metadata.UploadLedger;
import io.pataka.service.metadata.UploadLedger.Upload;
import io.pataka.service.metadata.UploadLedger.UploadedPart;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ETag;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The parts that a client named, found and added up.
 *
 * @param size of the whole object, in bytes
 * @param etag MD5 of the parts' MD5s, a dash, and their number
 * @param checksum of the whole object, in the form that the upload was begun with
 */
record AssembledParts(long size, ETag etag, Optional<Checksum> checksum) {

    /** Every part but the last has at least 5 MiB. */
    static final long MIN_PART_SIZE = 5L << 20;

    private static final int PAGE = 1000;

    /**
     * @throws S3Exception InvalidPart for a part that is not there or is another one; EntityTooSmall for a part that is too
     *     small to be followed by another
     */
    static AssembledParts assemble(List<NamedPart> named, Upload upload, UploadLedger uploads) {
        MessageDigest tags = DigestUtils.getMd5Digest();
        Optional<CombinedChecksum> combined =
                upload.algorithm().map(algorithm -> CombinedChecksum.of(algorithm, upload.checksumType()));
        Iterator<UploadedPart> uploaded = new PartPages(upload, uploads);
        UploadedPart found = null;
        long size = 0;
        for (int i = 0; i < named.size(); i++) {
            NamedPart part = named.get(i);
            while (uploaded.hasNext() && (found == null || found.number() < part.number())) {
                found = uploaded.next();
            }
            if (found == null
                    || found.number() != part.number()
                    || !found.etag().equals(part.etag())) {
                throw invalidPart(upload, part);
            }
            if (i < named.size() - 1 && found.size() < MIN_PART_SIZE) {
                throw tooSmall(found);
            }
            requireChecksums(upload, part, found);
            tags.update(HexFormat.of().parseHex(found.etag().value()));
            size += found.size();
            UploadedPart added = found;
            combined.ifPresent(it -> it.add(checksumOf(added, upload), added.size()));
        }
        ETag etag = new ETag(HexFormat.of().formatHex(tags.digest()) + "-" + named.size());
        return new AssembledParts(size, etag, combined.map(CombinedChecksum::result));
    }

    /** The entity tag that parts of these tags come to; empty when one of them is no MD5. */
    static Optional<ETag> etagOf(List<NamedPart> named) {
        MessageDigest tags = DigestUtils.getMd5Digest();
        for (NamedPart part : named) {
            String text = part.etag().value();
            if (text.length() != 32 || !HexFormat.isHexDigit(text.charAt(0))) {
                return Optional.empty();
            }
            try {
                tags.update(HexFormat.of().parseHex(text));
            } catch (IllegalArgumentException notHexadecimal) {
                return Optional.empty();
            }
        }
        return Optional.of(new ETag(HexFormat.of().formatHex(tags.digest()) + "-" + named.size()));
    }

    private static String checksumOf(UploadedPart part, Upload upload) {
        return part.checksums().stream()
                .filter(checksum ->
                        upload.algorithm().filter(checksum.algorithm()::equals).isPresent())
                .map(Checksum::value)
                .findFirst()
                .orElseThrow(() ->
                        new S3Exception(S3Error.INVALID_PART).with("PartNumber", Integer.toString(part.number())));
    }

    private static void requireChecksums(Upload upload, NamedPart named, UploadedPart found) {
        for (Checksum stored : found.checksums()) {
            String said = named.checksums().get(stored.algorithm());
            if (said != null && !said.equals(stored.value())) {
                throw invalidPart(upload, named);
            }
        }
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

    /** All parts of an upload, a page at a time. */
    private static final class PartPages implements Iterator<UploadedPart> {

        private final Upload upload;
        private final UploadLedger uploads;
        private Iterator<UploadedPart> page;
        private int last;
        private boolean more = true;

        PartPages(Upload upload, UploadLedger uploads) {
            this.upload = upload;
            this.uploads = uploads;
            this.page = List.<UploadedPart>of().iterator();
        }

        @Override
        public boolean hasNext() {
            if (!page.hasNext() && more) {
                List<UploadedPart> next = uploads.parts(upload, last, PAGE);
                more = next.size() == PAGE;
                page = next.iterator();
            }
            return page.hasNext();
        }

        @Override
        public UploadedPart next() {
            UploadedPart part = page.next();
            last = part.number();
            return part;
        }
    }
}
