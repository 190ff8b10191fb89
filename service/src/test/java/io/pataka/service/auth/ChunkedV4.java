package io.pataka.service.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.pataka.service.protocol.S3Error;
import io.pataka.service.protocol.S3Operation;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32;

/** Version 4 in the header, and a body in aws-chunked framing. */
record ChunkedV4(WireSigner signer, Kind kind) implements SignatureForm {

    /** Which parts of the body are signed, and whether a trailer follows. */
    enum Kind {
        SIGNED("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", true, false),
        SIGNED_AND_TRAILER("STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", true, true),
        UNSIGNED_AND_TRAILER("STREAMING-UNSIGNED-PAYLOAD-TRAILER", false, true);

        private final String payload;
        private final boolean signed;
        private final boolean trailer;

        Kind(String payload, boolean signed, boolean trailer) {
            this.payload = payload;
            this.signed = signed;
            this.trailer = trailer;
        }
    }

    private static final String LENGTH = "x-amz-decoded-content-length";
    private static final String TRAILER = "x-amz-checksum-crc32";
    private static final String ANOTHER_TRAILER = "another value of the trailer";
    private static final int CHUNK = AwsChunkedInputStream.SMALLEST_SIGNED_CHUNK;

    /**
     * A body in its pieces; the last chunk has no bytes.
     *
     * @param trailer empty text where there is none
     */
    private record Pieces(List<byte[]> chunks, List<String> signatures, String trailer, String trailerSignature) {

        Pieces chunk(int at, byte[] other) {
            List<byte[]> changed = new ArrayList<>(chunks);
            changed.set(at, other);
            return new Pieces(changed, signatures, trailer, trailerSignature);
        }

        Pieces signature(int at, String other) {
            List<String> changed = new ArrayList<>(signatures);
            changed.set(at, other);
            return new Pieces(chunks, changed, trailer, trailerSignature);
        }

        Pieces without(int at) {
            List<byte[]> fewer = new ArrayList<>(chunks);
            fewer.remove(at);
            List<String> fewerSignatures = new ArrayList<>(signatures);
            if (!signatures.isEmpty()) {
                fewerSignatures.remove(at);
            }
            return new Pieces(fewer, fewerSignatures, trailer, trailerSignature);
        }

        Pieces trailer(String other, String otherSignature) {
            return new Pieces(chunks, signatures, other, otherSignature);
        }

        byte[] bytes() {
            ByteArrayOutputStream wire = new ByteArrayOutputStream();
            for (int i = 0; i < chunks.size(); i++) {
                byte[] chunk = chunks.get(i);
                String signature = signatures.isEmpty() ? "" : ";chunk-signature=" + signatures.get(i);
                text(wire, Integer.toHexString(chunk.length) + signature + "\r\n");
                wire.writeBytes(chunk);
                if (chunk.length > 0) {
                    text(wire, "\r\n");
                }
            }
            text(wire, trailer.isEmpty() ? "" : trailer + "\r\n");
            text(wire, trailerSignature.isEmpty() ? "" : "x-amz-trailer-signature:" + trailerSignature + "\r\n");
            text(wire, "\r\n");
            return wire.toByteArray();
        }

        private static void text(ByteArrayOutputStream wire, String text) {
            wire.writeBytes(text.getBytes(ISO_8859_1));
        }
    }

    @Override
    public boolean fits(OperationExample example) {
        return example.readsContent();
    }

    @Override
    public WireRequest sign(OperationExample example, Instant now) {
        WireRequest head = head(example, now);
        return head.body(
                pieces(example.content(), HeaderV4.signatureOf(head), now).bytes());
    }

    private WireRequest head(OperationExample example, Instant now) {
        WireRequest request = HeaderV4.withMd5(example)
                .header("content-encoding", "aws-chunked")
                .header(LENGTH, Integer.toString(example.content().length))
                .header(HeaderV4.PAYLOAD, kind.payload);
        return new HeaderV4(signer).signed(kind.trailer ? request.header("x-amz-trailer", TRAILER) : request, now);
    }

    private Pieces pieces(byte[] content, String seed, Instant now) {
        List<byte[]> chunks = new ArrayList<>();
        for (int from = 0; from < content.length; from += CHUNK) {
            chunks.add(Arrays.copyOfRange(content, from, Math.min(content.length, from + CHUNK)));
        }
        chunks.add(new byte[0]);
        List<String> signatures = new ArrayList<>();
        String previous = seed;
        for (int i = 0; i < chunks.size() && kind.signed; i++) {
            previous = signer.hmac4(
                    now,
                    String.join(
                            "\n",
                            "AWS4-HMAC-SHA256-PAYLOAD",
                            WireSigner.basic(now),
                            WireSigner.scope(now),
                            previous,
                            SignedRequest.EMPTY,
                            SignedRequest.sha256(chunks.get(i))));
            signatures.add(previous);
        }
        if (!kind.trailer) {
            return new Pieces(chunks, signatures, "", "");
        }
        CRC32 crc = new CRC32();
        crc.update(content);
        String trailer = TRAILER + ":"
                + Base64.getEncoder()
                        .encodeToString(ByteBuffer.allocate(4)
                                .putInt((int) crc.getValue())
                                .array());
        String hash = SignedRequest.sha256((trailer + "\n").getBytes(ISO_8859_1));
        String text = String.join(
                "\n", "AWS4-HMAC-SHA256-TRAILER", WireSigner.basic(now), WireSigner.scope(now), previous, hash);
        return new Pieces(chunks, signatures, trailer, kind.signed ? signer.hmac4(now, text) : "");
    }

    @Override
    public List<Change> changes(OperationExample example, Instant now) {
        WireRequest head = head(example, now);
        Pieces right = pieces(example.content(), HeaderV4.signatureOf(head), now);
        WireRequest signed = head.body(right.bytes());
        List<Change> changes = new ArrayList<>(HeaderV4.signatureFlips(signed));
        changes.add(Change.of("no signature", signed.withoutHeader("authorization"), unsigned()));
        changes.add(Change.of(
                "any payload", signed.header(HeaderV4.PAYLOAD, "UNSIGNED-PAYLOAD"), S3Error.SIGNATURE_DOES_NOT_MATCH));
        changes.addAll(CommonChanges.ofHeader(signed, LENGTH));
        data(head, right, changes);
        if (kind.signed) {
            signatures(head, right, changes);
            Pieces replayed = pieces(example.content(), SignedRequest.EMPTY, now);
            changes.add(Change.of(
                    "the chunks of another request", head.body(replayed.bytes()), S3Error.SIGNATURE_DOES_NOT_MATCH));
        }
        if (kind.trailer) {
            changes.addAll(CommonChanges.ofHeader(signed, "x-amz-trailer"));
            trailer(head, right, changes);
        }
        if (example.operation() == S3Operation.COMPLETE_MULTIPART_UPLOAD) {
            // The checksum in the trailer is that of the object. It is compared only after the document was parsed.
            changes.removeIf(change -> change.answers().equals(Set.of(S3Error.BAD_DIGEST))
                    && change.what().equals(ANOTHER_TRAILER));
        }
        return changes;
    }

    /** Signed chunks need a signed request. */
    private S3Error unsigned() {
        return kind.signed ? S3Error.INVALID_REQUEST : S3Error.ACCESS_DENIED;
    }

    private void data(WireRequest head, Pieces right, List<Change> changes) {
        S3Error answer = kind.signed ? S3Error.SIGNATURE_DOES_NOT_MATCH : S3Error.BAD_DIGEST;
        int last = right.chunks().size() - 1;
        for (int at = 0; at < last; at++) {
            byte[] chunk = right.chunks().get(at);
            changes.add(Change.of(
                    "a bit of the bytes of chunk " + at,
                    head.body(right.chunk(at, WireRequest.flipped(chunk, chunk.length / 2))
                            .bytes()),
                    answer));
            changes.add(Change.of(
                    "a byte less in chunk " + at,
                    head.body(right.chunk(at, Arrays.copyOf(chunk, chunk.length - 1))
                            .bytes()),
                    answer,
                    S3Error.INCOMPLETE_BODY,
                    S3Error.INVALID_CHUNK_SIZE));
            changes.add(Change.of(
                    "without chunk " + at, head.body(right.without(at).bytes()), answer, S3Error.INCOMPLETE_BODY));
        }
        if (last > 1) {
            Pieces swapped = right.chunk(0, right.chunks().get(1))
                    .chunk(1, right.chunks().get(0));
            changes.add(Change.of("two chunks swapped", head.body(swapped.bytes()), answer));
        }
        changes.add(Change.of(
                "without the last chunk",
                head.body(right.without(last).bytes()),
                S3Error.INCOMPLETE_BODY,
                S3Error.INVALID_REQUEST));
    }

    private static void signatures(WireRequest head, Pieces right, List<Change> changes) {
        for (int i = 0; i < right.chunks().size(); i++) {
            int at = i;
            changes.addAll(WireSigner.hexFlips(
                    "signature of chunk " + at,
                    right.signatures().get(at),
                    changed -> head.body(right.signature(at, changed).bytes())));
        }
    }

    private void trailer(WireRequest head, Pieces right, List<Change> changes) {
        int value = TRAILER.length() + 1;
        char[] other = right.trailer().toCharArray();
        other[value] = other[value] == 'A' ? 'B' : 'A';
        S3Error answer = kind.signed ? S3Error.SIGNATURE_DOES_NOT_MATCH : S3Error.BAD_DIGEST;
        changes.add(Change.of(
                ANOTHER_TRAILER,
                head.body(right.trailer(new String(other), right.trailerSignature())
                        .bytes()),
                answer));
        changes.add(Change.of(
                "another trailer",
                head.body(right.trailer(right.trailer().replace("crc32", "sha1"), right.trailerSignature())
                        .bytes()),
                S3Error.MALFORMED_TRAILER));
        changes.add(Change.of(
                "no trailer",
                head.body(right.trailer("", right.trailerSignature()).bytes()),
                S3Error.MALFORMED_TRAILER));
        if (kind.signed) {
            changes.addAll(WireSigner.hexFlips(
                    "signature of the trailer",
                    right.trailerSignature(),
                    changed -> head.body(right.trailer(right.trailer(), changed).bytes())));
            changes.add(Change.of(
                    "no signature of the trailer",
                    head.body(right.trailer(right.trailer(), "").bytes()),
                    S3Error.MALFORMED_TRAILER));
        }
    }
}
