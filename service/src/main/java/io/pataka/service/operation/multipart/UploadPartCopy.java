package io.pataka.service.operation.multipart;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.access.WritePermit;
import io.pataka.service.content.PendingContent;
import io.pataka.service.metadata.UploadLedger;
import io.pataka.service.metadata.UploadLedger.Upload;
import io.pataka.service.metadata.UploadLedger.UploadedPart;
import io.pataka.service.model.Checksum;
import io.pataka.service.model.ChecksumAlgorithm;
import io.pataka.service.model.WriteCondition;
import io.pataka.service.objects.ObjectCopier;
import io.pataka.service.objects.ObjectCopier.Destination;
import io.pataka.service.objects.PartWriter;
import io.pataka.service.operation.CopySources;
import io.pataka.service.operation.CopySources.Source;
import io.pataka.service.operation.ObjectEncryption;
import io.pataka.service.operation.Operation;
import io.pataka.service.operation.ReadableContent;
import io.pataka.service.operation.Refusals;
import io.pataka.service.protocol.ByteRange.Span;
import io.pataka.service.protocol.CopySource;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Response;
import io.pataka.service.protocol.S3Time;
import io.pataka.service.protocol.xml.XmlWriter;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * UploadPartCopy.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html">AWS</a>
 */
final class UploadPartCopy implements Operation {

    private static final String RANGE = "x-amz-copy-source-range";
    private static final Pattern RANGE_FORM = Pattern.compile("bytes=(\\d{1,18})-(\\d{1,18})");

    private final UploadLedger uploads;
    private final PartWriter parts;
    private final CopySources sources;
    private final ObjectCopier copier;
    private final ReadableContent readable;
    private final ObjectEncryption encryption;
    private final long maxPartSize;

    /**
     * @param maxPartSize bytes of the largest part
     */
    UploadPartCopy(
            UploadLedger uploads,
            PartWriter parts,
            CopySources sources,
            ObjectCopier copier,
            ReadableContent readable,
            ObjectEncryption encryption,
            long maxPartSize) {
        this.uploads = uploads;
        this.parts = parts;
        this.sources = sources;
        this.copier = copier;
        this.readable = readable;
        this.encryption = encryption;
        this.maxPartSize = maxPartSize;
    }

    @Override
    public S3Response perform(AdmittedCall call) throws IOException {
        WritePermit permit = call.permit();
        int number = NamedUpload.partNumber(call);
        CopySource wanted = CopySource.of(call.headers());
        Upload upload = encryption.open(call, NamedUpload.find(call, uploads));
        Source source = sources.find(call, wanted);
        Span span = span(call.headers(), source.version().size());
        if (span.length() > maxPartSize) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "The specified copy source is larger than the maximum allowable size for a copy source: "
                            + maxPartSize);
        }
        Destination destination =
                new Destination(upload.bucketId(), upload.key(), upload.facts().placement());
        Set<ChecksumAlgorithm> compute = Set.of(upload.algorithm().orElse(ChecksumAlgorithm.DEFAULT));
        try (PendingContent content = readable.read(
                        source.version(),
                        () -> copier.read(source.version(), span.offset(), span.length(), destination, compute))
                .orElseThrow(Refusals::sourceGone)) {
            UploadedPart part = parts.put(call.bucket(), upload, number, content, permit)
                    .fold(PartWriter.Part.Written::part, refusal -> {
                        throw Refusals.error(refusal, call, WriteCondition.NONE);
                    });
            return answer(part, upload)
                    .header("x-amz-copy-source-version-id", source.versionId())
                    .headers(ObjectEncryption.headersOfRead(upload.facts().form(), call.headers()));
        }
    }

    private static S3Response answer(UploadedPart part, Upload upload) {
        XmlWriter document = XmlWriter.document("CopyPartResult")
                .leaf("LastModified", S3Time.xml(part.lastModified()))
                .leaf("ETag", part.etag().quoted());
        for (Checksum checksum : upload.checksumsOf(part)) {
            document.leaf(checksum.algorithm().element(), checksum.value());
        }
        return S3Response.xml(document.toBytes()).objectSize(part.size());
    }

    /**
     * @throws S3Exception InvalidArgument when the header is no range of the form that this operation takes; InvalidRange when
     *     the object ends before it, with the status of Amazon, 400, and the code that ceph/s3-tests asks for
     */
    private static Span span(RequestHeaders headers, long size) {
        Optional<String> range = headers.first(RANGE).map(String::trim);
        if (range.isEmpty()) {
            return Span.whole(size);
        }
        Matcher matcher = RANGE_FORM.matcher(range.get());
        if (!matcher.matches()) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT,
                            "The x-amz-copy-source-range value must be of the form bytes=first-last where first and"
                                    + " last are the zero-based offsets of the first and last bytes to copy")
                    .argument(RANGE, range.get());
        }
        long first = Long.parseLong(matcher.group(1));
        long last = Long.parseLong(matcher.group(2));
        if (first > last) {
            throw new S3Exception(
                            S3Error.INVALID_ARGUMENT, "Range specified is not valid for source object of size: " + size)
                    .argument(RANGE, range.get());
        }
        if (last >= size) {
            throw new S3Exception(
                            S3Error.INVALID_COPY_RANGE,
                            "Range specified is not valid for source object of size: " + size)
                    .with("RangeRequested", range.get())
                    .with("ActualObjectSize", Long.toString(size));
        }
        return new Span(first, last - first + 1);
    }
}
