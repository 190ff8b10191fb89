package io.pataka.service.operation.object;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.content.ContentDamagedException;
import io.pataka.service.content.ContentMissingException;
import io.pataka.service.content.Contents;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.model.ByteSource;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.objects.ObjectBytes;
import io.pataka.service.operation.ObjectEncryption;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.ReadableContent;
import io.pataka.service.protocol.ByteRange.Span;
import io.pataka.service.protocol.S3Response;
import java.io.IOException;

/**
 * Reads an object, or a stretch of it.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html">AWS: GetObject</a>
 */
final class GetObject implements Operation {

    private static final byte[] NO_BYTES = {};

    private final ObjectReader reader;
    private final ObjectBytes bytes;
    private final ReadableContent readable;
    private final ObjectEncryption encryption;

    GetObject(
            ObjectReader reader,
            ObjectIndex index,
            Contents contents,
            ReadableContent readable,
            ObjectEncryption encryption) {
        this.reader = reader;
        this.encryption = encryption;
        this.readable = readable;
        this.bytes = new ObjectBytes(index, contents);
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        try {
            return open(call, reader.read(call));
        } catch (ContentMissingException replacedMeanwhile) {
            return openAgain(call);
        }
    }

    /** The collector may take a replaced blob between the look at the index and the opening; the index knows the new one. */
    private S3Response openAgain(AdmittedCall call) throws IOException {
        ObjectReader.Answer answer = reader.read(call);
        try {
            return open(call, answer);
        } catch (ContentMissingException missing) {
            throw readable.refusal(answer.version(), missing);
        }
    }

    private S3Response open(AdmittedCall call, ObjectReader.Answer answer) throws IOException {
        if (answer.span().isEmpty()) {
            return answer.response();
        }
        Span span = answer.span().get();
        if (span.length() == 0) {
            return answer.response().body(ByteSource.of(NO_BYTES));
        }
        ObjectVersion version = encryption.open(call, answer.version());
        try {
            return answer.response()
                    .body(new ContentBody(bytes.open(version, span.offset(), span.length()), version, readable));
        } catch (ContentDamagedException damaged) {
            throw readable.refusal(version, damaged);
        }
    }
}
