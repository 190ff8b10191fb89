package io.pataka.service.auth;

import io.pataka.service.protocol.S3Error;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** An anonymous request to a bucket that everyone may write to. Hash and digest of its body must still be right. */
record NoSignature() implements SignatureForm {

    @Override
    public boolean fits(OperationExample example) {
        return example.readsContent() && example.operation().route().streams();
    }

    @Override
    public WireRequest sign(OperationExample example, Instant now) {
        return HeaderV4.withMd5(example)
                .withoutParameter("response-content-language")
                .header(HeaderV4.PAYLOAD, SignedRequest.sha256(example.content()));
    }

    @Override
    public List<Change> changes(OperationExample example, Instant now) {
        WireRequest right = sign(example, now);
        List<Change> changes = new ArrayList<>(
                CommonChanges.ofTheBody(right, example.content(), S3Error.X_AMZ_CONTENT_SHA256_MISMATCH));
        WireRequest withoutHash = right.withoutHeader(HeaderV4.PAYLOAD);
        changes.addAll(CommonChanges.ofTheBody(withoutHash, example.content(), S3Error.BAD_DIGEST));
        changes.add(Change.of(
                "signed chunks in a request without a signature",
                right.header(HeaderV4.PAYLOAD, "STREAMING-AWS4-HMAC-SHA256-PAYLOAD")
                        .header("x-amz-decoded-content-length", "1"),
                S3Error.INVALID_REQUEST));
        return changes;
    }
}
