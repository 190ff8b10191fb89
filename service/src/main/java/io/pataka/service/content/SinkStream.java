package io.pataka.service.content;

import io.pataka.service.blob.BlobSink;
import java.io.IOException;
import java.io.OutputStream;

/** Writes into a blob. Closing it does nothing. */
final class SinkStream extends OutputStream {

    private final BlobSink sink;

    SinkStream(BlobSink sink) {
        this.sink = sink;
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        sink.write(bytes, offset, length);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }
}
