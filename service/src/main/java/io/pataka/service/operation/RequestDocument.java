package io.pataka.service.operation;

import io.pataka.service.content.checksum.RunningChecksum;
import io.pataka.service.model.Checksum;
import io.pataka.service.protocol.AnnouncedChecksums;
import io.pataka.service.protocol.BufferedBody;
import io.pataka.service.protocol.ContentMd5;
import io.pataka.service.protocol.RequestBody;
import io.pataka.service.protocol.RequestHeaders;
import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Exception;
import io.pataka.service.protocol.S3Request;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;

/** Reads a body that is a document: of bounded size, whole in memory, and checked against what its sender announced. */
public final class RequestDocument {

    /** Whether a document without {@code Content-MD5} and without a checksum is taken. */
    public enum Digest {
        OPTIONAL,
        REQUIRED,
        /** The checksum headers speak of an object and not of the document; only {@code Content-MD5} is the document's. */
        OF_THE_OBJECT
    }

    private RequestDocument() {}

    /**
     * Reads a document that must be there.
     *
     * @param limit the most bytes
     * @throws S3Exception MissingRequestBodyError, MaxMessageLengthExceeded or IncompleteBody; InvalidDigest, BadDigest or
     *     InvalidRequest where the announced digest is wrong or missing
     * @throws IOException when the client goes away
     */
    public static byte[] read(S3Request request, int limit, Digest digest) throws IOException {
        return readOptional(request, limit, digest).orElseThrow(() -> new S3Exception(S3Error.MISSING_REQUEST_BODY));
    }

    /** As {@link #read}; empty when there is no body. */
    public static Optional<byte[]> readOptional(S3Request request, int limit, Digest digest) throws IOException {
        RequestHeaders headers = request.headers();
        RequestBody body = request.body();
        Optional<byte[]> md5 = ContentMd5.of(headers);
        AnnouncedChecksums checksums =
                digest == Digest.OF_THE_OBJECT ? AnnouncedChecksums.NONE : AnnouncedChecksums.of(headers);
        if (digest == Digest.REQUIRED && md5.isEmpty() && checksums.algorithm().isEmpty()) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "Missing required header for this request: Content-MD5 OR x-amz-checksum-*");
        }
        byte[] document = BufferedBody.read(body, limit);
        if (md5.isPresent()) {
            byte[] computed = DigestUtils.md5(document);
            if (!MessageDigest.isEqual(md5.get(), computed)) {
                throw ContentMd5.mismatch(md5.get(), computed);
            }
        }
        for (Checksum announced : checksums.values(body).get()) {
            RunningChecksum computed = RunningChecksum.of(announced.algorithm());
            computed.update(document, 0, document.length);
            if (!MessageDigest.isEqual(Base64.getDecoder().decode(announced.value()), computed.value())) {
                throw AnnouncedChecksums.mismatch(announced.algorithm());
            }
        }
        return document.length == 0 ? Optional.empty() : Optional.of(document);
    }
}
