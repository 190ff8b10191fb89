package io.pataka.service.operation.object;

import io.pataka.service.content.ContentDamagedException;
import io.pataka.service.model.ByteSource;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.operation.ReadableContent;
import java.io.IOException;
import java.io.OutputStream;

/** The bytes of a version. Damage that is found after the first byte ends the connection, and later requests are refused at once. */
final class ContentBody implements ByteSource {

    private final ByteSource bytes;
    private final ObjectVersion version;
    private final ReadableContent readable;

    ContentBody(ByteSource bytes, ObjectVersion version, ReadableContent readable) {
        this.bytes = bytes;
        this.version = version;
        this.readable = readable;
    }

    @Override
    public long length() {
        return bytes.length();
    }

    @Override
    public void transferTo(OutputStream out) throws IOException {
        try {
            bytes.transferTo(out);
        } catch (ContentDamagedException damaged) {
            throw readable.refusal(version, damaged);
        }
    }

    @Override
    public void close() {
        bytes.close();
    }
}
