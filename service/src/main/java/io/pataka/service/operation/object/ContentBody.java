package io.pataka.service.operation.object;

import io.pataka.service.content.ContentReader;
import io.pataka.service.protocol.ResponseBody;
import java.io.IOException;
import java.io.OutputStream;
import java.util.OptionalLong;

/** Sends what a reader verifies. */
final class ContentBody implements ResponseBody {

    private final ContentReader reader;

    ContentBody(ContentReader reader) {
        this.reader = reader;
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.of(reader.length());
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        reader.transferTo(out);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
