package io.pataka.service.content;

import io.pataka.service.blob.BlobSink;
import java.io.IOException;
import java.io.OutputStream;

/** Digests what is written on its way into a blob. */
final class DigestedSink extends OutputStream {

    private final ContentDigest digest;
    private final BlobSink sink;

    DigestedSink(ContentDigest digest, BlobSink sink) {
        this.digest = digest;
        this.sink = sink;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        digest.update(bytes, offset, length);
        sink.write(bytes, offset, length);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }
}
