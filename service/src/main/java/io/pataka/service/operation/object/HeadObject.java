package io.pataka.service.operation.object;

import io.pataka.service.access.AdmittedCall;
import io.pataka.service.operation.Operation;
import io.pataka.service.protocol.S3Response;

/**
 * Returns the headers that GetObject would return, without the bytes.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html">AWS: HeadObject</a>
 */
final class HeadObject implements Operation {

    private final ObjectReader reader;

    HeadObject(ObjectReader reader) {
        this.reader = reader;
    }

    @Override
    public S3Response perform(AdmittedCall call) {
        ObjectReader.Answer answer = reader.read(call);
        return answer.response().header("Content-Length", answer.span().map(span -> Long.toString(span.length())));
    }
}
