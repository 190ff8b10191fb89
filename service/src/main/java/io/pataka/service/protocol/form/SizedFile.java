package io.pataka.service.protocol.form;

import io.pataka.service.protocol.S3Exception;
import java.io.IOException;
import java.io.InputStream;

/** Reads a file, and throws {@link S3Exception} as soon as its size is out of range. */
final class SizedFile extends InputStream {

    private final InputStream in;
    private final SizeRange range;
    private long size;

    SizedFile(InputStream file, SizeRange range) {
        this.in = file;
        this.range = range;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int count = in.read(buffer, offset, length);
        if (count < 0) {
            range.requireNotUnder(size);
        } else {
            size += count;
            range.requireNotOver(size);
        }
        return count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
