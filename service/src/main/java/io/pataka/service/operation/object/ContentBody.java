package io.pataka.service.operation.object;

import io.pataka.service.content.ContentDamagedException;
import io.pataka.service.content.ContentReader;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.operation.ReadableContent;
import io.pataka.service.protocol.ResponseBody;
import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;

/** Sends what a reader verifies. Damage that shows when bytes are on their way ends the connection, and later requests know it. */
final class ContentBody implements ResponseBody {

    private final ContentReader reader;
    private final ObjectVersion version;
    private final ReadableContent readable;

    ContentBody(ContentReader reader, ObjectVersion version, ReadableContent readable) {
        this.reader = reader;
        this.version = version;
        this.readable = readable;
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.of(reader.length());
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        try {
            reader.transferTo(out);
        } catch (ContentDamagedException damaged) {
            throw readable.refusal(version, damaged);
        }
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
