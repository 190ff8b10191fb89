package io.pataka.service.operation;

import io.pataka.service.content.ContentDamagedException;
import io.pataka.service.content.ContentMissingException;
import io.pataka.service.metadata.LostContents;
import io.pataka.service.metadata.LostContents.Suspect;
import io.pataka.service.model.BlobId;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.UploadId;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import java.io.IOException;
import java.util.Objects;

/**
 * Refuses whatever needs content that is lost: with one answer for all operations, which no client takes for a passing fault or
 * for a key that is not there. What a read comes upon is looked at soon, and then known on all nodes.
 */
public final class ReadableContent {

    private final LostContents lost;

    public ReadableContent(LostContents lost) {
        this.lost = Objects.requireNonNull(lost);
    }

    /**
     * @throws S3Exception ObjectContentLost when content of the version is known to be lost
     */
    public void require(ObjectVersion version) {
        if (lost.has(version.content())) {
            throw new S3Exception(S3Error.OBJECT_CONTENT_LOST);
        }
    }

    /** Whether a blob is known to be lost. */
    public boolean isLost(BlobId blob) {
        return lost.has(blob);
    }

    /** An upload was completed with parts of which none is known to be lost. */
    public void completed(UploadId upload) {
        lost.completed(upload);
    }

    /** Reads content of a version. */
    @FunctionalInterface
    public interface Reading<T> {
        T run() throws IOException;
    }

    /**
     * Does something that reads a version.
     *
     * @throws S3Exception ObjectContentLost when content of the version is missing or damaged
     */
    public <T> T read(ObjectVersion version, Reading<T> reading) throws IOException {
        try {
            return reading.run();
        } catch (ContentMissingException missing) {
            throw refusal(version, missing);
        } catch (ContentDamagedException damaged) {
            throw refusal(version, damaged);
        }
    }

    /** The error of a version whose blob is not there, though the index has not changed. */
    public S3Exception refusal(ObjectVersion version, ContentMissingException missing) {
        return refusal(version, missing.blob(), "missing");
    }

    /** The error of a version whose blob is damaged. */
    public S3Exception refusal(ObjectVersion version, ContentDamagedException damaged) {
        return refusal(version, damaged.blob(), "damaged");
    }

    private S3Exception refusal(ObjectVersion version, BlobId blob, String what) {
        lost.suspect(new Suspect(blob, version.bucketId(), version.key()));
        return new S3Exception(S3Error.OBJECT_CONTENT_LOST).because("blob " + blob + " is " + what);
    }
}
