package io.pataka.service.operation;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.content.ContentRefusedException;
import io.pataka.service.content.Contents;
import io.pataka.service.content.IntakePlan;
import io.pataka.service.content.PendingContent;
import io.pataka.service.metadata.Growth;
import io.pataka.service.metadata.Quotas;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.Placement;
import io.pataka.service.protocol.AnnouncedChecksums;
import io.pataka.service.protocol.ContentMd5;
import io.pataka.service.protocol.RequestBody;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.Set;

/** Takes in the body of a write, held against all that its sender announced: length, {@code Content-MD5}, checksum. */
public final class BodyIntake {

    private final Contents contents;
    private final Quotas quotas;
    private final long maxLength;

    /**
     * @param maxLength the most bytes of one body
     */
    public BodyIntake(Contents contents, Quotas quotas, long maxLength) {
        this.contents = contents;
        this.quotas = quotas;
        this.maxLength = maxLength;
    }

    /**
     * Refuses a request whose headers are wrong, before a byte of its body is read.
     *
     * @throws S3Exception MissingContentLength, EntityTooLarge, InvalidDigest, InvalidRequest or BadDigest
     */
    public Announcement announced(AdmittedCall call) {
        RequestHeaders headers = call.headers();
        boolean declaresItsEnd = call.request().body().length().isPresent() || headers.has("transfer-encoding");
        if (!declaresItsEnd) {
            throw new S3Exception(S3Error.MISSING_CONTENT_LENGTH);
        }
        long declared = call.request().body().length().orElse(0);
        if (declared > maxLength) {
            throw tooLarge().with("ProposedSize", Long.toString(declared));
        }
        return Announcement.ofObject(headers);
    }

    /**
     * The digests that a body must have.
     *
     * @param otherMd5 makes the error of a body with another MD5; Amazon's differ for objects and parts
     * @param part whether the body becomes a part of an upload
     */
    public record Announcement(Optional<byte[]> md5, AnnouncedChecksums checksums, Md5Error otherMd5, boolean part) {

        public static Announcement ofObject(RequestHeaders headers) {
            return new Announcement(
                    ContentMd5.of(headers), AnnouncedChecksums.of(headers), ContentMd5::mismatchOfObject, false);
        }

        public Announcement ofPart() {
            return new Announcement(md5, checksums, ContentMd5::mismatch, true);
        }
    }

    /** Makes the error of a body whose MD5 is not the announced one. */
    @FunctionalInterface
    public interface Md5Error {
        S3Exception error(byte[] announced, byte[] computed);
    }

    /**
     * Refuses a body for which there is no room, before a byte of it is read. One that does not declare its length is judged when it was
     * read.
     */
    private void requireRoom(AdmittedCall call, Announcement announcement) {
        long length = call.request().body().length().orElse(0);
        Growth growth = announcement.part() ? Growth.ofPart(length) : Growth.ofVersion(call.key(), length);
        if (!quotas.hasRoom(call.bucket(), growth)) {
            throw new S3Exception(S3Error.QUOTA_EXCEEDED);
        }
    }

    /**
     * Reads the body to its end.
     *
     * @param placement where and how the bytes are stored
     * @return durable content that has no owner yet
     * @throws S3Exception QuotaExceeded, BadDigest, IncompleteBody, EntityTooLarge, or what the verified body found wrong
     * @throws IOException when the client goes away or a store fails
     */
    public PendingContent receive(AdmittedCall call, Announcement announcement, Placement placement)
            throws IOException {
        return receive(call, announcement, placement, announcement.checksums().algorithms());
    }

    /**
     * As {@link #receive(AdmittedCall, Announcement, Placement)}, of other checksums.
     *
     * @param compute checksums to compute; those of the announcement must be among them
     */
    public PendingContent receive(
            AdmittedCall call, Announcement announcement, Placement placement, Set<ChecksumAlgorithm> compute)
            throws IOException {
        requireRoom(call, announcement);
        RequestBody body = call.request().body();
        AnnouncedChecksums checksums = announcement.checksums();
        IntakePlan plan = new IntakePlan(
                call.bucket().id(),
                call.key(),
                placement,
                body.length(),
                maxLength,
                announcement.md5(),
                compute,
                checksums.values(body));
        try (InputStream in = body.open()) {
            return contents.receive(in, plan);
        } catch (ContentRefusedException refused) {
            throw refusal(refused, call, announcement);
        }
    }

    private S3Exception refusal(ContentRefusedException refused, AdmittedCall call, Announcement announcement) {
        return switch (refused.reason()) {
            case MD5 -> {
                byte[] announced = announcement.md5().orElseThrow();
                yield announcement.otherMd5().error(announced, refused.computed());
            }
            case CHECKSUM ->
                announcement
                        .checksums()
                        .algorithm()
                        .map(AnnouncedChecksums::mismatch)
                        .orElseGet(() -> new S3Exception(S3Error.BAD_DIGEST));
            case TOO_SHORT -> new S3Exception(S3Error.INCOMPLETE_BODY);
            case TOO_LONG ->
                call.request().body().length().isPresent() ? new S3Exception(S3Error.INCOMPLETE_BODY) : tooLarge();
        };
    }

    private S3Exception tooLarge() {
        return new S3Exception(S3Error.ENTITY_TOO_LARGE).with("MaxSizeAllowed", Long.toString(maxLength));
    }
}
