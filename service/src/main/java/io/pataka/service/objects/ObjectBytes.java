package io.pataka.service.objects;

import io.pataka.service.content.Contents;
import io.pataka.service.content.Contents.Piece;
import io.pataka.service.metadata.ObjectIndex;
import io.pataka.service.metadata.ObjectIndex.StoredPart;
import io.pataka.service.model.ByteSource;
import io.pataka.service.model.Content;
import io.pataka.service.model.ObjectVersion;
import io.pataka.service.model.StoredForm;
import java.io.IOException;
import java.util.List;

/** Opens bytes of a version, wherever they lie. */
public final class ObjectBytes {

    private final ObjectIndex index;
    private final Contents contents;

    public ObjectBytes(ObjectIndex index, Contents contents) {
        this.index = index;
        this.contents = contents;
    }

    /**
     * @param offset of the first byte
     * @param length at least one byte, and within the version
     * @throws io.pataka.service.content.ContentMissingException when the version was replaced or deleted since it was looked up
     */
    public ByteSource open(ObjectVersion version, long offset, long length) throws IOException {
        return contents.open(pieces(version, offset, length));
    }

    /** Where the bytes lie. */
    List<Piece> pieces(ObjectVersion version, long offset, long length) {
        Content content = version.content();
        StoredForm form = version.facts().form();
        if (content instanceof Content.Whole whole) {
            return List.of(new Piece(whole.blob(), form, version.size(), offset, length));
        }
        if (content instanceof Content.Parts parts) {
            long end = offset + length;
            return length == 0
                    ? List.of()
                    : index.parts(version.bucketId(), parts, offset, length).stream()
                            .map(part -> piece(form, part, offset, end))
                            .toList();
        }
        throw new IllegalStateException("a delete marker has no bytes to open");
    }

    private static Piece piece(StoredForm form, StoredPart part, long from, long end) {
        long first = Math.max(from, part.offset());
        long last = Math.min(end, part.offset() + part.size());
        return new Piece(part.blob(), form, part.size(), first - part.offset(), last - first);
    }
}
